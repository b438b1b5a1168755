-- Up Migration

-- The read model: one row a case, without a word of its content. `status` is 'accepted' until the first journal entries arrive.
CREATE TABLE cases (
  case_number text PRIMARY KEY,
  tier text NOT NULL,
  run_kind text NOT NULL,
  jurisdiction text NOT NULL,
  reported_by text NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  newest_command integer NOT NULL,
  journal_seq integer NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'accepted',
  revision integer NOT NULL,
  digest text NOT NULL,
  revision_author text NOT NULL,
  approved_at timestamptz(3),
  approved_by text,
  expires_at timestamptz(3),
  ended_at timestamptz(3),
  ending jsonb,
  escalation_level integer NOT NULL DEFAULT 0,
  needs_attention boolean NOT NULL DEFAULT false,
  live_channels text[] NOT NULL DEFAULT '{}',
  next_timer jsonb,
  updated_at timestamptz(3) NOT NULL
);
CREATE INDEX cases_newest_first ON cases (reported_at DESC, case_number DESC);

-- What was reported: personal data, apart from everything else, and what the public is never told apart from the rest.
CREATE TABLE reports (
  case_number text PRIMARY KEY REFERENCES cases,
  public jsonb NOT NULL,
  police_only jsonb NOT NULL
);

CREATE TABLE photos (
  case_number text PRIMARY KEY REFERENCES cases,
  bytes bytea NOT NULL,
  sha256 text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL
);

-- Every complete version of an alert, rendered before anybody approves it. The manifest holds the salt.
CREATE TABLE revisions (
  case_number text NOT NULL REFERENCES cases,
  number integer NOT NULL,
  author text NOT NULL,
  manifest jsonb NOT NULL,
  digest text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (case_number, number)
);

CREATE TABLE revision_parts (
  case_number text NOT NULL,
  revision integer NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  bytes bytea NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (case_number, revision, name),
  FOREIGN KEY (case_number, revision) REFERENCES revisions
);

-- Every command: who asked what and when (the audit's intent), and what the case answered (its journal is in audit_entries).
-- Those that came through the API are numbered within their case. A signal sent from the Temporal UI or CLI has no number and is
-- known only by its answer; a malformed one names nobody. Its id is chosen by hand, so it is unique within the case only.
CREATE TABLE commands (
  case_number text NOT NULL REFERENCES cases,
  command_id text NOT NULL,
  number integer,
  source text NOT NULL CHECK (source IN ('api', 'direct')),
  kind text NOT NULL,
  actor text,
  role text,
  payload jsonb NOT NULL DEFAULT '{}',
  note text,
  note_salt text,
  note_digest text,
  stored_at timestamptz(3) NOT NULL,
  deliveries integer NOT NULL DEFAULT 0,
  delivered_at timestamptz(3),
  outcome jsonb,
  decided_at timestamptz(3),
  PRIMARY KEY (case_number, command_id),
  UNIQUE (case_number, number),
  CHECK ((source = 'api') = (number IS NOT NULL))
);
CREATE INDEX commands_undecided ON commands (case_number, number) WHERE outcome IS NULL;

-- The key is written before its command, so that two requests with one key meet here.
CREATE TABLE idempotency_keys (
  actor text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  case_number text NOT NULL,
  command_id text NOT NULL,
  PRIMARY KEY (actor, key),
  FOREIGN KEY (case_number, command_id) REFERENCES commands DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE audit_entries (
  case_number text NOT NULL REFERENCES cases,
  seq integer NOT NULL,
  at timestamptz(3) NOT NULL,
  type text NOT NULL,
  event jsonb NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (case_number, seq)
);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are never changed';
END
$$;
CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TABLE publications (
  case_number text NOT NULL REFERENCES cases,
  channel text NOT NULL,
  wanted integer,
  there jsonb NOT NULL,
  in_flight text,
  hold jsonb,
  asked_radius_km double precision,
  delivered_countries text[],
  live_since timestamptz(3),
  removed_at timestamptz(3),
  PRIMARY KEY (case_number, channel)
);

-- Without a reference to the case: a notice goes out, and is recorded, even about a case that this database does not know.
CREATE TABLE notices (
  id text NOT NULL,
  person text NOT NULL,
  way text NOT NULL,
  case_number text NOT NULL,
  about text NOT NULL,
  at timestamptz(3) NOT NULL,
  delivered_at timestamptz(3),
  attempts integer NOT NULL,
  last_error text,
  PRIMARY KEY (id, person, way)
);
CREATE INDEX notices_of_case ON notices (case_number, at);

-- Where Meta's fetchers find an image for a while. `image_sha256` is what the approved digest covers.
CREATE TABLE image_addresses (
  token_sha256 text PRIMARY KEY,
  case_number text NOT NULL,
  revision integer NOT NULL,
  part text NOT NULL,
  image_sha256 text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  FOREIGN KEY (case_number, revision, part) REFERENCES revision_parts
);
CREATE INDEX image_addresses_of_case ON image_addresses (case_number);
CREATE INDEX image_addresses_by_expiry ON image_addresses (expires_at);

-- All that the public site's role may call. It runs as its owner, so the role needs a right to no table, and cannot list what it has no token for.
CREATE FUNCTION public_image(sought_token_sha256 text) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT revision_parts.bytes
  FROM image_addresses
    JOIN cases ON cases.case_number = image_addresses.case_number
    JOIN revision_parts
      ON revision_parts.case_number = image_addresses.case_number
      AND revision_parts.revision = image_addresses.revision
      AND revision_parts.name = image_addresses.part
  WHERE image_addresses.token_sha256 = sought_token_sha256
    AND image_addresses.expires_at > now()
    AND cases.ended_at IS NULL
    AND encode(sha256(revision_parts.bytes), 'hex') = image_addresses.image_sha256;
END;
REVOKE EXECUTE ON FUNCTION public_image(text) FROM PUBLIC;
