INSERT INTO subscription (partner, id, revision, state, state_since, purged_at, is_pushed, body, fence)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
ON CONFLICT DO NOTHING
RETURNING number
