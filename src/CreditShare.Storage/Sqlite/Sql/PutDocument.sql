INSERT INTO document (lookup_key, listing, sealed, named, active)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (lookup_key, listing) DO UPDATE SET named = excluded.named, active = excluded.active
