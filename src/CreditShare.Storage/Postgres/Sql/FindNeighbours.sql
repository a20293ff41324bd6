SELECT d.lookup_key, l.case_key, l.id, l.state IN (1, 2), l.barred_until
FROM document AS d
JOIN listing AS l ON l.id = d.listing
WHERE d.lookup_key = ANY ($1) AND d.named
