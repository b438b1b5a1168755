-- Up Migration

-- Where a channel delivers a true radius; null where it does not.
ALTER TABLE publications ADD COLUMN delivered_radius_km double precision;
