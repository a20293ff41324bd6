CREATE TABLE IF NOT EXISTS schema_version (
    number integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
)
