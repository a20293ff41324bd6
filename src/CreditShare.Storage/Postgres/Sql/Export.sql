-- $2 and $3: courts and regions; both empty means all. $4: the kind of subject or null.
SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM listing AS l
JOIN change AS c ON c.sequence = l.sequence
WHERE l.state = 2
    AND l.id > $1
    AND ((cardinality($2::text[]) = 0 AND cardinality($3::text[]) = 0) OR l.court = ANY ($2) OR l.region = ANY ($3))
    AND ($4::smallint IS NULL OR l.subject_kind = $4)
ORDER BY l.id
LIMIT $5
