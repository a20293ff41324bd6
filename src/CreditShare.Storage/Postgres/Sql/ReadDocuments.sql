-- One statement, hence one snapshot: the head, and for each key in the order given what is found under it.
SELECT
    h.epoch, h.sequence, k.position, f.*
FROM journal_head AS h
CROSS JOIN unnest($1::bytea[]) WITH ORDINALITY AS k (lookup_key, position)
LEFT JOIN LATERAL (
    SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
    FROM document AS d
    JOIN listing AS l ON l.id = d.listing
    JOIN change AS c ON c.sequence = l.sequence
    WHERE d.lookup_key = k.lookup_key AND d.active
    ORDER BY c.sequence DESC
    LIMIT $2
) AS f ON true
WHERE h.id = 1
ORDER BY k.position, f.sequence DESC
