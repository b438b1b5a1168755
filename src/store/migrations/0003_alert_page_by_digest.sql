-- Up Migration

-- The manifest comes along with what it lists, and the digest that was approved: 0002 held a part against the manifest, and nothing held
-- the manifest against the digest. The site does both, as everything does that reads a revision. The manifest says nothing that the page
-- does not, but for area and salt, and those only while the page is there. Of a case that is over nothing comes but that it is.

DROP FUNCTION public_alert(text);
DROP FUNCTION public_alert_photo(text);
DROP FUNCTION approved_part(text, text);

CREATE FUNCTION public_alert(sought_case text)
RETURNS TABLE (over boolean, digest text, manifest jsonb, approved_at timestamptz, arabic bytea, english bytea)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT true, NULL::text, NULL::jsonb, NULL::timestamptz, NULL::bytea, NULL::bytea
  FROM cases
  WHERE case_number = sought_case AND active_since IS NOT NULL AND status <> 'active'
  UNION ALL
  SELECT false, cases.digest, revisions.manifest, cases.approved_at, arabic.bytes, english.bytes
  FROM cases
    LEFT JOIN revisions ON revisions.case_number = cases.case_number AND revisions.number = cases.revision
    LEFT JOIN revision_parts AS arabic
      ON arabic.case_number = cases.case_number AND arabic.revision = cases.revision AND arabic.name = 'facebook/text/ar'
    LEFT JOIN revision_parts AS english
      ON english.case_number = cases.case_number AND english.revision = cases.revision AND english.name = 'facebook/text/en'
  WHERE cases.case_number = sought_case AND cases.active_since IS NOT NULL AND cases.status = 'active';
END;
REVOKE EXECUTE ON FUNCTION public_alert(text) FROM PUBLIC;

CREATE FUNCTION public_alert_photo(sought_case text)
RETURNS TABLE (name text, digest text, manifest jsonb, photo bytea)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT shown.name, cases.digest, revisions.manifest, revision_parts.bytes
  FROM cases
    -- The one place that says which picture the page shows.
    CROSS JOIN (VALUES ('facebook/image')) AS shown (name)
    LEFT JOIN revisions ON revisions.case_number = cases.case_number AND revisions.number = cases.revision
    LEFT JOIN revision_parts
      ON revision_parts.case_number = cases.case_number
      AND revision_parts.revision = cases.revision
      AND revision_parts.name = shown.name
  WHERE cases.case_number = sought_case AND cases.active_since IS NOT NULL AND cases.status = 'active';
END;
REVOKE EXECUTE ON FUNCTION public_alert_photo(text) FROM PUBLIC;
