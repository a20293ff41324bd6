SELECT l.partner, min(d.at), max(d.at), max(l.version)
FROM disclosed_listing AS l
JOIN disclosure AS d ON d.partner = l.partner AND d.answer = l.answer
WHERE l.listing = $1
GROUP BY l.partner
ORDER BY l.partner
