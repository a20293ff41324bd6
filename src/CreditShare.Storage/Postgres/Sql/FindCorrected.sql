SELECT listing, max(sequence) FROM change WHERE listing = ANY ($1) AND kind = 2 GROUP BY listing
