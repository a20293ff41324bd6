DELETE FROM rejected_change WHERE subscription = ?1 AND is_withdrawal = 0
