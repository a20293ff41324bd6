SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM document AS d
JOIN listing AS l ON l.id = d.listing
JOIN change AS c ON c.sequence = l.sequence
WHERE d.lookup_key = ?1 AND d.active = 1
ORDER BY c.sequence DESC
LIMIT ?2
