UPDATE registry_revision SET revision = revision + 1 WHERE id = 1
