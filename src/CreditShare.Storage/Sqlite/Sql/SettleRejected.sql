DELETE FROM rejected_change WHERE subscription = ?1 AND listing = ?2 AND version <= ?3
