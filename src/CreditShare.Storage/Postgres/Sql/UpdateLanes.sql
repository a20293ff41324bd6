UPDATE subscription_lane AS l
SET epoch = n.epoch, accepted = n.accepted, hash = n.hash, applied = n.applied, failures = n.failures,
    failing_since = n.failing_since, next_attempt_at = n.next_attempt_at, pending_to = n.pending_to, error = n.error
FROM unnest(
    $1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[], $7::integer[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::bytea[])
    AS n (subscription, lane, epoch, accepted, hash, applied, failures, failing_since, next_attempt_at, pending_to, error)
WHERE l.subscription = n.subscription AND l.lane = n.lane
