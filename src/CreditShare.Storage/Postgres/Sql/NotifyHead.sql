SELECT pg_notify('creditshare_journal', $1)
