INSERT INTO measure (
    partner, reference_key, listing, court, listing_version, code, outcome, applied_at, lifted_at, is_stale_copy, created_at, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT DO NOTHING
RETURNING number
