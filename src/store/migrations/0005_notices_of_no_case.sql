-- Up Migration

-- A notice may be about an account, and no case.
ALTER TABLE notices ALTER COLUMN case_number DROP NOT NULL;
