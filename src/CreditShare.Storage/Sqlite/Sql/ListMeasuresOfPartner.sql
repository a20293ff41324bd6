-- As ListMeasures, by the index of the partner's measures.
SELECT
    number, partner, reference_key, listing, court, listing_version, code, outcome, applied_at, lifted_at, is_stale_copy, created_at, body
FROM measure
WHERE partner = ?1
    AND number < ?4
    AND (?2 IS NULL OR court IN (SELECT value FROM json_each(?2)))
    AND (?3 = 0 OR lifted_at IS NULL)
ORDER BY number DESC
LIMIT ?5
