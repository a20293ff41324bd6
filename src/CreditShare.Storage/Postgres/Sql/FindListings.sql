SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM listing AS l
JOIN change AS c ON c.sequence = l.sequence
WHERE l.id = ANY ($1)
