-- Up Migration

-- What the alert page shows, and nothing else: of a case that is active its approved revision, texts and picture, each only as the
-- approved manifest lists it; of one that has been public and is over, that it is over; of any other, nothing.

CREATE FUNCTION approved_part(sought_case text, part_name text) RETURNS bytea
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT revision_parts.bytes
  FROM cases
    JOIN revisions
      ON revisions.case_number = cases.case_number
      AND revisions.number = cases.revision
      AND revisions.digest = cases.digest
    JOIN revision_parts
      ON revision_parts.case_number = revisions.case_number
      AND revision_parts.revision = revisions.number
  WHERE cases.case_number = sought_case
    AND cases.status = 'active'
    AND revision_parts.name = part_name
    AND revisions.manifest -> 'parts' @> jsonb_build_array(
      jsonb_build_object('name', part_name, 'sha256', encode(sha256(revision_parts.bytes), 'hex')));
END;
REVOKE EXECUTE ON FUNCTION approved_part(text, text) FROM PUBLIC;

CREATE FUNCTION public_alert(sought_case text)
RETURNS TABLE (over boolean, run_kind text, tier text, marker text, approved_at timestamptz, arabic bytea, english bytea)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT
    cases.status <> 'active', cases.run_kind, cases.tier,
    cases.case_number || '/' || cases.revision, cases.approved_at,
    approved_part(sought_case, 'facebook/text/ar'), approved_part(sought_case, 'facebook/text/en')
  FROM cases
  WHERE cases.case_number = sought_case AND cases.active_since IS NOT NULL;
END;
REVOKE EXECUTE ON FUNCTION public_alert(text) FROM PUBLIC;

CREATE FUNCTION public_alert_photo(sought_case text) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT approved_part(sought_case, 'facebook/image');
END;
REVOKE EXECUTE ON FUNCTION public_alert_photo(text) FROM PUBLIC;
