-- Up Migration

-- Two pictures of an alert: the photo, which the page shows, and the card, which previews of its link show. Of a case that is over nothing
-- comes but that it is; of any other that is not active, nothing.

DROP FUNCTION public_alert_photo(text);

CREATE FUNCTION public_alert_picture(sought_case text, sought_picture text)
RETURNS TABLE (over boolean, name text, digest text, manifest jsonb, picture bytea)
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
  SELECT true, NULL::text, NULL::text, NULL::jsonb, NULL::bytea
  FROM cases
  WHERE case_number = sought_case AND active_since IS NOT NULL AND status <> 'active'
  UNION ALL
  SELECT false, shown.name, cases.digest, revisions.manifest, revision_parts.bytes
  FROM cases
    -- The one place that says which parts they are.
    JOIN (VALUES ('photo', 'facebook/image'), ('card', 'card/square')) AS shown (picture, name) ON shown.picture = sought_picture
    LEFT JOIN revisions ON revisions.case_number = cases.case_number AND revisions.number = cases.revision
    LEFT JOIN revision_parts
      ON revision_parts.case_number = cases.case_number
      AND revision_parts.revision = cases.revision
      AND revision_parts.name = shown.name
  WHERE cases.case_number = sought_case AND cases.active_since IS NOT NULL AND cases.status = 'active';
END;
REVOKE EXECUTE ON FUNCTION public_alert_picture(text, text) FROM PUBLIC;
