INSERT INTO document (lookup_key, listing, sealed, named, active)
SELECT *
FROM unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::boolean[], $5::boolean[])
ON CONFLICT (lookup_key, listing) DO UPDATE SET named = excluded.named, active = excluded.active
