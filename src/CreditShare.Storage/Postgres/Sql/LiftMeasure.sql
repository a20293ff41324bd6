UPDATE measure SET lifted_at = $3 WHERE partner = $1 AND reference_key = $2 AND lifted_at IS NULL RETURNING number
