SELECT epoch, sequence, hash FROM journal_head WHERE id = 1
