INSERT INTO schema_version (number) VALUES ($1)
