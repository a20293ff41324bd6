DELETE FROM rejected_change WHERE subscription = $1 AND NOT is_withdrawal
