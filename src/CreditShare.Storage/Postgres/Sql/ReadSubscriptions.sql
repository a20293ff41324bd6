SELECT
    s.number, s.partner, s.id, s.revision, s.state, s.state_since, s.purged_at, s.is_pushed, s.body, s.fence,
    o.epoch, o.accepted, o.hash, o.applied, o.failures, o.failing_since, o.next_attempt_at, o.pending_to, o.error,
    w.epoch, w.accepted, w.hash, w.applied, w.failures, w.failing_since, w.next_attempt_at, w.pending_to, w.error,
    (SELECT count(*) FROM rejected_change AS r WHERE r.subscription = s.number)
FROM subscription AS s
JOIN subscription_lane AS o ON o.subscription = s.number AND o.lane = 1
JOIN subscription_lane AS w ON w.subscription = s.number AND w.lane = 2
WHERE s.number = ANY ($1)
ORDER BY s.number
