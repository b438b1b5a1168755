-- Up Migration

-- Pictures are compressed already: PostgreSQL need not try again with every one that it stores.
ALTER TABLE revision_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE photos ALTER COLUMN bytes SET STORAGE EXTERNAL;
