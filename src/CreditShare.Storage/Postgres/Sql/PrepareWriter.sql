-- The writer's few statements have but one way to go (see PrepareSession), and planning them for each of many small commits cost a seventh of
-- what the server does for a submit.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false)
