-- One node migrates, the others wait for it.
SELECT pg_advisory_xact_lock(4851207733001)
