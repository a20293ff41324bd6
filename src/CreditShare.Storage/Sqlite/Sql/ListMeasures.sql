-- ?1: partner or null. ?2: courts as a JSON array or null for all. ?3: only those that stand.
SELECT
    number, partner, reference_key, listing, court, listing_version, code, outcome, applied_at, lifted_at, is_stale_copy, created_at, body
FROM measure
WHERE number < ?4
    AND (?1 IS NULL OR partner = ?1)
    AND (?2 IS NULL OR court IN (SELECT value FROM json_each(?2)))
    AND (?3 = 0 OR lifted_at IS NULL)
ORDER BY number DESC
LIMIT ?5
