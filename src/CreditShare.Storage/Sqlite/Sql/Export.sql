-- ?2 and ?3: courts and regions as JSON arrays; both empty means all. ?4: the kind of subject or null.
SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM listing AS l
JOIN change AS c ON c.sequence = l.sequence
WHERE l.state = 2
    AND l.id > ?1
    AND ((json_array_length(?2) = 0 AND json_array_length(?3) = 0)
        OR l.court IN (SELECT value FROM json_each(?2))
        OR l.region IN (SELECT value FROM json_each(?3)))
    AND (?4 IS NULL OR l.subject_kind = ?4)
ORDER BY l.id
LIMIT ?5
