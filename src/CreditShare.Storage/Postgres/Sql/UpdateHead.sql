UPDATE journal_head SET epoch = $1, sequence = $2, hash = $3 WHERE id = 1
