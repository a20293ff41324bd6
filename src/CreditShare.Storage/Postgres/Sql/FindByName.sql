-- $2: name and birth year or null. $3: the region or null.
SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM listing AS l
JOIN change AS c ON c.sequence = l.sequence
WHERE l.state = 2
    AND l.name_key = $1
    AND ($2::bytea IS NULL OR l.name_year_key = $2)
    AND ($3::text IS NULL OR l.region = $3)
ORDER BY c.sequence DESC
LIMIT $4
