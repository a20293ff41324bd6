-- The index is named, because a scan by number would come first.
SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM change AS c INDEXED BY change_withdrawal
JOIN listing AS l ON l.id = c.listing
WHERE c.sequence > ?1 AND c.kind IN (4, 5, 6)
ORDER BY c.sequence
LIMIT ?2
