INSERT INTO rejected_change (subscription, sequence, listing, version, is_withdrawal, reason, at)
SELECT *
FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::boolean[], $6::bytea[], $7::bigint[])
ON CONFLICT (subscription, sequence) DO UPDATE SET
    listing = excluded.listing,
    version = excluded.version,
    is_withdrawal = excluded.is_withdrawal,
    reason = excluded.reason,
    at = excluded.at
