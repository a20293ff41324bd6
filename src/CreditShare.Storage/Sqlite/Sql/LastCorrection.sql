SELECT max(sequence) FROM change WHERE listing = ?1 AND kind = 2
