INSERT INTO journal_epoch (epoch, first_sequence, hash_before) VALUES ($1, $2, $3)
