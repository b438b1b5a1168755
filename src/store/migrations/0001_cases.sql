-- Up Migration

-- The read model: one row a case, without a word of its content. `status` is 'accepted' until the first journal entries arrive.
CREATE TABLE cases (
  case_number text PRIMARY KEY,
  tier text NOT NULL,
  run_kind text NOT NULL,
  jurisdiction text NOT NULL,
  -- The ended case whose content this one continues.
  reissue_of text REFERENCES cases,
  reported_by text NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  newest_command integer NOT NULL,
  journal_seq integer NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'accepted',
  revision integer NOT NULL,
  digest text NOT NULL,
  revision_author text NOT NULL,
  -- The revision that waits for its approval while another is live.
  amendment jsonb,
  active_since timestamptz(3),
  radius_km double precision NOT NULL,
  approved_at timestamptz(3),
  approved_by text,
  expires_at timestamptz(3),
  ended_at timestamptz(3),
  ending jsonb,
  escalation_level integer NOT NULL DEFAULT 0,
  needs_attention boolean NOT NULL DEFAULT false,
  live_channels text[] NOT NULL DEFAULT '{}',
  next_timer jsonb,
  -- What the measures are taken from (see case-times.ts), with active_since: when the alert was first live, whatever replaced it later.
  -- live_at has one moment a channel, in milliseconds.
  first_live_at timestamptz(3),
  live_at jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz(3) NOT NULL
);
-- The ways in which lists are walked, each newest first (see case-walk.ts). Whatever is asked, one of them is read in its order, so that
-- nothing is ever sorted as a whole or skipped by counting.
CREATE INDEX cases_newest_first ON cases (reported_at DESC, case_number DESC);
CREATE INDEX cases_by_facet ON cases (jurisdiction, run_kind, tier, status, reported_at DESC, case_number DESC);
CREATE INDEX cases_needing_attention ON cases (reported_at DESC, case_number DESC) WHERE needs_attention;
CREATE INDEX cases_by_source ON cases (reissue_of) WHERE reissue_of IS NOT NULL;

-- The square of a grid in which a place lies, its sides so many degrees long. Numbered from the South Pole row by row, each row from the
-- antimeridian eastwards; 180 degrees east is 180 degrees west. place-cells.ts counts the same way.
CREATE FUNCTION place_cell(latitude double precision, longitude double precision, degrees double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor((latitude + 90) / degrees)::integer * (360 / degrees)::integer
  + mod(floor((longitude + 180) / degrees)::integer, (360 / degrees)::integer);

-- Along the great circle (haversine), on a sphere: within 0.6 % of the ellipsoid's distance, and what place-cells.ts covers.
CREATE FUNCTION distance_km(
  latitude_a double precision, longitude_a double precision, latitude_b double precision, longitude_b double precision
) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 2 * 6371.0088 * asin(sqrt(least(1.0,
  power(sind((latitude_b - latitude_a) / 2), 2)
  + cosd(latitude_a) * cosd(latitude_b) * power(sind((longitude_b - longitude_a) / 2), 2))));

-- Where the child was last seen, by the newest report of the case. Personal data like the report. The case's time again here and below,
-- so that a place or a name can be walked newest first.
CREATE TABLE report_places (
  case_number text PRIMARY KEY REFERENCES cases,
  latitude double precision NOT NULL,
  longitude double precision NOT NULL,
  reported_at timestamptz(3) NOT NULL
);
-- About 3.5, 28 and 220 km.
CREATE INDEX report_places_by_small_cell ON report_places
  (place_cell(latitude, longitude, 0.03125), reported_at DESC, case_number DESC) INCLUDE (latitude, longitude);
CREATE INDEX report_places_by_middle_cell ON report_places
  (place_cell(latitude, longitude, 0.25), reported_at DESC, case_number DESC) INCLUDE (latitude, longitude);
CREATE INDEX report_places_by_large_cell ON report_places
  (place_cell(latitude, longitude, 2), reported_at DESC, case_number DESC) INCLUDE (latitude, longitude);

-- The words of every name that the child has had in a report of the case, in every language, as name-words.ts writes them. Compared byte
-- by byte, so that those that begin alike stand together. Personal data like the report.
CREATE TABLE report_names (
  case_number text NOT NULL REFERENCES cases,
  word text COLLATE "C" NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  PRIMARY KEY (case_number, word)
);
CREATE INDEX report_names_by_word ON report_names (word, reported_at, case_number);

-- Kept as often as they differ: most revisions of a case show the photo of the one before.
CREATE TABLE photos (
  case_number text NOT NULL REFERENCES cases,
  sha256 text NOT NULL,
  bytes bytea NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  PRIMARY KEY (case_number, sha256)
);

-- Every complete version of an alert, rendered before anybody approves it. The manifest holds the salt.
CREATE TABLE revisions (
  case_number text NOT NULL REFERENCES cases,
  number integer NOT NULL,
  author text NOT NULL,
  manifest jsonb NOT NULL,
  digest text NOT NULL,
  photo_sha256 text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (case_number, number),
  FOREIGN KEY (case_number, photo_sha256) REFERENCES photos
);

-- What each revision was made from: personal data, apart from everything else, and what the public is never told apart from the rest.
CREATE TABLE reports (
  case_number text NOT NULL,
  revision integer NOT NULL,
  public jsonb NOT NULL,
  police_only jsonb NOT NULL,
  PRIMARY KEY (case_number, revision),
  FOREIGN KEY (case_number, revision) REFERENCES revisions
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

-- Where somebody says that they saw the child: personal data, and what the note digest of its command is made of.
CREATE TABLE sightings (
  case_number text NOT NULL,
  command_id text NOT NULL,
  place jsonb NOT NULL,
  latitude double precision NOT NULL,
  longitude double precision NOT NULL,
  seen_at timestamptz(3) NOT NULL,
  description text NOT NULL,
  PRIMARY KEY (case_number, command_id),
  FOREIGN KEY (case_number, command_id) REFERENCES commands
);

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
  -- Its place among the entries of all cases: what a stream of events resumes by.
  position bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (case_number, seq)
);
CREATE UNIQUE INDEX audit_entries_in_order ON audit_entries (position);

-- Readers go forward by position, so an entry must never become visible after one with a higher position: it would be skipped for ever.
-- A sequence alone does not give that, because transactions are committed in another order than they took their numbers. So one
-- transaction at a time may number entries, and it lets go only when it has been committed or rolled back; a number that was rolled back
-- leaves a hole that nothing fills later. This costs next to nothing: every write to a journal also notifies, and PostgreSQL commits
-- transactions that notify one after another anyway. Ordering by transaction ids instead (those below pg_snapshot_xmin are over) needs no
-- lock, but any long transaction of any database of the server holds it up, and it does not survive a restored dump, where the ids begin again.
-- A trigger of the statement: it runs before the first row takes its number.
CREATE FUNCTION number_audit_entries_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('position of audit entries', 0));
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_entries_in_turn BEFORE INSERT ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION number_audit_entries_in_turn();

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

-- What the account watch found that its case does not know: which post, what became of it, whom it still waits for. Without a reference to
-- the case, which this database may not know. `last_run` is the run of the watch that saw it last, `runs` how many did without a gap.
-- A finding is open until `removed_at`; `outcome` says how the last attempt to remove it ended, or that it was `gone` or `known` by itself.
CREATE TABLE account_findings (
  channel text NOT NULL,
  object_id text NOT NULL,
  case_number text NOT NULL,
  revision integer NOT NULL,
  live boolean NOT NULL,
  created_at timestamptz(3) NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('remove', 'report', 'later')),
  first_seen timestamptz(3) NOT NULL,
  last_seen timestamptz(3) NOT NULL,
  last_run text NOT NULL,
  runs integer NOT NULL,
  removed_at timestamptz(3),
  attempts integer NOT NULL DEFAULT 0,
  outcome text,
  needs_person boolean NOT NULL DEFAULT false,
  notified_at timestamptz(3),
  PRIMARY KEY (channel, object_id)
);
CREATE INDEX account_findings_open ON account_findings (channel) WHERE removed_at IS NULL;
CREATE INDEX account_findings_of_case ON account_findings (case_number);
