SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, n.wrapped_key
FROM (
    SELECT l.sequence, l.wrapped_key
    FROM document AS d
    JOIN listing AS l ON l.id = d.listing
    WHERE d.lookup_key = ?1 AND d.active = 1
    ORDER BY l.sequence DESC
    LIMIT ?2
) AS n
JOIN change AS c ON c.sequence = n.sequence
