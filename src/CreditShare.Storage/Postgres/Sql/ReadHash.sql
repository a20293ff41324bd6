SELECT hash FROM change WHERE sequence = $1
