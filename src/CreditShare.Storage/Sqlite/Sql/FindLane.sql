SELECT epoch, accepted, hash, applied, failures, failing_since, next_attempt_at, pending_to, error
FROM subscription_lane
WHERE subscription = ?1 AND lane = ?2
