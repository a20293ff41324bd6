SELECT l.case_key, l.id, d.named = 1 AND l.state IN (1, 2), l.barred_until
FROM document AS d
JOIN listing AS l ON l.id = d.listing
WHERE d.lookup_key = ?1 AND d.named = 1
