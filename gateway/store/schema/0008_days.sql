-- The views by day read the rollup's minutes, some thousand times as many rows as they answer with. A projection keeps each part's sums by day beside it: the server makes it with the part, whoever
-- inserts, and reads it wherever it answers a question (a part that has none yet is read as before), so no second table can differ from the first. Its expressions are word for word those of
-- latency_by_model and cost_by_day, or it would not be found.
-- Where merging or deleting changes rows of a part, its sums are made anew. Settings first: without them a merge with a projection is refused.

ALTER TABLE $database.exchanges_1m$local $on_cluster
    MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE $database.exchanges_1m$local $on_cluster
    ADD PROJECTION IF NOT EXISTS by_day
    (
        SELECT
            toDate(minute),
            app,
            env,
            provider,
            model,
            sum(exchanges),
            sumIf(exchanges, outcome = 'ok'),
            sum(exchanges_without_usage),
            sum(exchanges_without_cost),
            sum(cost_usd),
            sum(input_tokens),
            sum(output_tokens),
            sum(cache_read_tokens),
            sum(cache_write_tokens),
            sum(reasoning_tokens),
            quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(duration_state, outcome = 'ok'),
            quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(time_to_first_chunk_state, outcome = 'ok'),
            quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(overhead_state, outcome = 'ok')
        GROUP BY toDate(minute), app, env, provider, model
    );

-- For minutes of before, in the background: nobody waits for it, for until then their parts are read as they were.
ALTER TABLE $database.exchanges_1m$local $on_cluster MATERIALIZE PROJECTION by_day SETTINGS mutations_sync = 0;
