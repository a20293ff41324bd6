SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM change AS c
JOIN listing AS l ON l.id = c.listing
WHERE c.listing = $1 AND c.version > $2
ORDER BY c.version
LIMIT $3
