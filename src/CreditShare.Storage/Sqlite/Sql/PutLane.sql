INSERT INTO subscription_lane (
    subscription, lane, epoch, accepted, hash, applied, failures, failing_since, next_attempt_at, pending_to, error)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (subscription, lane) DO UPDATE SET
    epoch = excluded.epoch,
    accepted = excluded.accepted,
    hash = excluded.hash,
    applied = excluded.applied,
    failures = excluded.failures,
    failing_since = excluded.failing_since,
    next_attempt_at = excluded.next_attempt_at,
    pending_to = excluded.pending_to,
    error = excluded.error
