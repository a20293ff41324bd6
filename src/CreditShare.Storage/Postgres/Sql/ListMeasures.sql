-- $1, $2, $3: partner, courts and listing, each null for all. $4: only those that stand.
SELECT
    number, partner, reference_key, listing, court, listing_version, code, outcome, applied_at, lifted_at, is_stale_copy, created_at, body
FROM measure
WHERE number < $5
    AND ($1::text IS NULL OR partner = $1)
    AND ($2::text[] IS NULL OR court = ANY ($2))
    AND ($3::uuid IS NULL OR listing = $3)
    AND (NOT $4 OR lifted_at IS NULL)
ORDER BY number DESC
LIMIT $6
