SELECT
    number, partner, reference_key, listing, court, listing_version, code, outcome, applied_at, lifted_at, is_stale_copy, created_at, body
FROM measure
WHERE partner = ?1 AND reference_key = ?2
