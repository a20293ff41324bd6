-- Never weaker than what an acknowledgement promises, and no client that died may hold the head for long. Plans are made for the
-- values at hand: one that was made while a table was empty would stay. And they go by index: all that is asked for is asked for by
-- keys, thousands at once, and while an import outruns the statistics the planner would rather read the whole table each time. What
-- is over in milliseconds is not compiled first.
SELECT
    set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') = 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
    set_config('statement_timeout', '30s', false),
    set_config('lock_timeout', '10s', false),
    set_config('idle_in_transaction_session_timeout', '5s', false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('plan_cache_mode', 'force_custom_plan', false),
    set_config('enable_seqscan', 'off', false),
    set_config('enable_hashjoin', 'off', false),
    set_config('enable_mergejoin', 'off', false),
    set_config('max_parallel_workers_per_gather', '0', false),
    set_config('jit', 'off', false)
