INSERT INTO rejected_change (subscription, sequence, listing, version, is_withdrawal, reason, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (subscription, sequence) DO UPDATE SET
    listing = excluded.listing,
    version = excluded.version,
    is_withdrawal = excluded.is_withdrawal,
    reason = excluded.reason,
    at = excluded.at
