INSERT INTO partner (id, revision, body)
VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, body = excluded.body
