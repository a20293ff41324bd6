-- Changes nothing, but its commit waits for the standbys as that of a batch does.
UPDATE journal_head SET sequence = sequence WHERE id = 1
