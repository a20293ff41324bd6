SELECT listing, court, version, verdict
FROM disclosed_listing
WHERE partner = $1 AND answer = $2
ORDER BY position
