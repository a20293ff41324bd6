-- $9 on: the columns of its lanes.
WITH subscribed AS (
    INSERT INTO subscription (partner, id, revision, state, state_since, purged_at, is_pushed, body, fence)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
    ON CONFLICT DO NOTHING
    RETURNING number)
INSERT INTO subscription_lane (
    subscription, lane, epoch, accepted, hash, applied, failures, failing_since, next_attempt_at, pending_to, error)
SELECT s.number, l.*
FROM subscribed AS s
CROSS JOIN unnest(
    $9::smallint[], $10::bigint[], $11::bigint[], $12::bytea[], $13::bigint[], $14::integer[], $15::bigint[], $16::bigint[],
    $17::bigint[], $18::bytea[]) AS l
