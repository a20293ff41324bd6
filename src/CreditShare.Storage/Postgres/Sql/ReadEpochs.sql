SELECT epoch, first_sequence, hash_before FROM journal_epoch ORDER BY epoch
