-- Up Migration

-- Every entry of the audit is bound to the one before it: what is changed, lost or moved later breaks the chain there (docs/audit.md).
-- The link after `state`, or after `start` at the beginning of a chain: SHA-256, as hexadecimal digits, of the text that the two make.
CREATE FUNCTION next_link(state text, start text, hash text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(sha256(convert_to(coalesce(state, start) || hash, 'UTF8')), 'hex');

-- As a window function over entries in their order, the link of each of them.
CREATE AGGREGATE chain_link(start text, hash text) (SFUNC = next_link, STYPE = text, PARALLEL = SAFE);

-- Where the chain of a case begins, and what its newest link is: the case's row is locked whenever its journal is written.
CREATE FUNCTION case_chain_start(case_number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'mafqood:case:' || case_number;

ALTER TABLE cases ADD COLUMN journal_chain text;
ALTER TABLE audit_entries ADD COLUMN chain text;

-- What there is gets its links as it stands.
ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_stay;
UPDATE audit_entries SET chain = linked.chain
FROM (
  SELECT case_number, seq,
    chain_link(case_chain_start(case_number), hash) OVER (PARTITION BY case_number ORDER BY seq) AS chain
  FROM audit_entries
) AS linked
WHERE audit_entries.case_number = linked.case_number AND audit_entries.seq = linked.seq;
ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_stay;
ALTER TABLE audit_entries ALTER COLUMN chain SET NOT NULL;
UPDATE cases SET journal_chain = newest.chain
FROM audit_entries AS newest
WHERE newest.case_number = cases.case_number AND newest.seq = cases.journal_seq;

-- Who read what of a child's, in one chain for all cases. An entry has the form of those of a case, so that other acts of people can
-- follow in the same chain.
CREATE TABLE access_entries (
  seq bigint PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  type text NOT NULL,
  event jsonb NOT NULL,
  hash text NOT NULL,
  chain text NOT NULL
);
-- Who has read this child's data?
CREATE INDEX access_entries_of_case ON access_entries ((event ->> 'caseNumber'), seq);
CREATE TRIGGER access_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON access_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- The end of that chain: one row, which is locked while entries are appended.
CREATE TABLE access_chain (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  seq bigint NOT NULL,
  chain text NOT NULL
);
INSERT INTO access_chain (seq, chain) VALUES (0, 'mafqood:access');
