UPDATE subscription AS s
SET state = coalesce(n.state, s.state), state_since = coalesce(n.state_since, s.state_since),
    purged_at = coalesce(n.purged_at, s.purged_at)
FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[]) AS n (number, state, state_since, purged_at)
WHERE s.number = n.number
