SELECT recorded_at FROM change WHERE sequence = $1
