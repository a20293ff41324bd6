-- ?2: the case or null. ?3: a bit for each state asked for. ?4: only ids above. ?6, ?7: a day or null.
SELECT
    c.sequence, c.epoch, c.kind, c.listing, c.version, c.court, c.subject_kind, c.recorded_at, c.partner,
    c.keys_before, c.keys_after, c.operator, c.body, c.hash, l.wrapped_key
FROM listing AS l
JOIN change AS c ON c.sequence = l.sequence
WHERE l.court = ?1
    AND (?2 IS NULL OR l.case_key = ?2)
    AND (?3 >> l.state) & 1 = 1
    AND l.id > ?4
    AND (?6 IS NULL OR (l.state = 1 AND l.grace_until < ?6))
    AND (?7 IS NULL OR (l.state = 2 AND l.unserved_since < ?7))
ORDER BY l.id
LIMIT ?5
