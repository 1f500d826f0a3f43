-- What is not known is NULL in the sums and views, too. A sum of the rollup is NULL when none of its exchanges has the figure; minutes that were summed up before keep their 0,
-- which is why the view still asks how many exchanges are without. Columns before the feed, so that nothing arrives that finds no place. A changed feed no longer knows the tokens of
-- batches that it has seen until it is loaded anew: a batch sent again would be in the rollup twice. So it is taken off and put back, and back first, should a kill have come between.
-- What another gate inserts in that moment (some milliseconds) is in the table and not in the rollup.

ALTER TABLE $database.exchanges_1m$local $on_cluster
    MODIFY COLUMN input_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN output_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_read_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_write_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN reasoning_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cost_usd SimpleAggregateFunction(sum, Nullable(Decimal(38, 9)));

-- only: cluster
ALTER TABLE $database.exchanges_1m $on_cluster
    MODIFY COLUMN input_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN output_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_read_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_write_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN reasoning_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cost_usd SimpleAggregateFunction(sum, Nullable(Decimal(38, 9)));

ATTACH TABLE IF NOT EXISTS $database.exchanges_1m_feed $on_cluster;

ALTER TABLE $database.exchanges_1m_feed $on_cluster MODIFY QUERY
SELECT
    toStartOfMinute(started_at) AS minute,
    app,
    env,
    provider,
    if(response_model != '', response_model, request_model) AS model,
    outcome,
    count() AS exchanges,
    sum(raw.input_tokens) AS input_tokens,
    sum(raw.output_tokens) AS output_tokens,
    sum(raw.cache_read_tokens) AS cache_read_tokens,
    sum(raw.cache_write_tokens) AS cache_write_tokens,
    sum(raw.reasoning_tokens) AS reasoning_tokens,
    countIf(isNull(raw.input_tokens) AND isNull(raw.output_tokens)) AS exchanges_without_usage,
    sum(raw.cost_usd) AS cost_usd,
    countIf(isNull(raw.cost_usd)) AS exchanges_without_cost,
    quantilesTDigestState(0.5, 0.75, 0.9, 0.99)(raw.duration_s) AS duration_state,
    quantilesTDigestState(0.5, 0.75, 0.9, 0.99)(raw.time_to_first_chunk_s) AS time_to_first_chunk_state,
    quantilesTDigestState(0.5, 0.75, 0.9, 0.99)(raw.overhead_s) AS overhead_state
FROM $database.exchanges$local AS raw
GROUP BY minute, app, env, provider, model, outcome;

DETACH TABLE IF EXISTS $database.exchanges_1m_feed $on_cluster SYNC;

ATTACH TABLE IF NOT EXISTS $database.exchanges_1m_feed $on_cluster;

-- Latency is that of exchanges that ended `ok`; NULL when there are none, or none that has that time.
CREATE OR REPLACE VIEW $database.latency_by_model $on_cluster AS
SELECT
    toDate(minute) AS day,
    app,
    env,
    provider,
    model,
    sum(m.exchanges) AS exchanges,
    sumIf(m.exchanges, m.outcome = 'ok') AS exchanges_ok,
    arrayMap(x -> if(isNaN(x), NULL, x), quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(duration_state, m.outcome = 'ok')) AS duration,
    duration[1] AS duration_p50_s,
    duration[2] AS duration_p75_s,
    duration[3] AS duration_p90_s,
    duration[4] AS duration_p99_s,
    arrayMap(x -> if(isNaN(x), NULL, x), quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(time_to_first_chunk_state, m.outcome = 'ok')) AS first_chunk,
    first_chunk[1] AS time_to_first_chunk_p50_s,
    first_chunk[2] AS time_to_first_chunk_p75_s,
    first_chunk[3] AS time_to_first_chunk_p90_s,
    first_chunk[4] AS time_to_first_chunk_p99_s,
    arrayMap(x -> if(isNaN(x), NULL, x), quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(overhead_state, m.outcome = 'ok')) AS overhead,
    overhead[1] AS overhead_p50_s,
    overhead[2] AS overhead_p75_s,
    overhead[3] AS overhead_p90_s,
    overhead[4] AS overhead_p99_s
FROM $database.exchanges_1m AS m
GROUP BY day, app, env, provider, model;

-- A bucket is named by its lower bound; NULL: the number of tokens is not known.
CREATE OR REPLACE VIEW $database.latency_by_tokens $on_cluster AS
SELECT
    toDate(started_at) AS day,
    app,
    env,
    provider,
    if(response_model != '', response_model, request_model) AS model,
    roundDown(e.input_tokens, [0, 100, 500, 1000, 4000, 16000, 64000, 256000, 1000000]) AS input_tokens_from,
    roundDown(e.output_tokens, [0, 100, 500, 1000, 4000, 16000, 64000, 256000]) AS output_tokens_from,
    count() AS exchanges,
    arrayMap(x -> if(isNaN(x), NULL, x), quantilesTDigest(0.5, 0.75, 0.9, 0.99)(duration_s)) AS duration,
    duration[1] AS duration_p50_s,
    duration[2] AS duration_p75_s,
    duration[3] AS duration_p90_s,
    duration[4] AS duration_p99_s,
    arrayMap(x -> if(isNaN(x), NULL, x), quantilesTDigest(0.5, 0.75, 0.9, 0.99)(time_to_first_chunk_s)) AS first_chunk,
    first_chunk[1] AS time_to_first_chunk_p50_s,
    first_chunk[2] AS time_to_first_chunk_p75_s,
    first_chunk[3] AS time_to_first_chunk_p90_s,
    first_chunk[4] AS time_to_first_chunk_p99_s
FROM $database.exchanges AS e
WHERE outcome = 'ok'
GROUP BY day, app, env, provider, model, input_tokens_from, output_tokens_from;

-- Each sum is over the exchanges that have it, NULL when none has; exchanges_without_cost and exchanges_without_usage say how many that leaves out.
CREATE OR REPLACE VIEW $database.cost_by_day $on_cluster AS
SELECT
    toDate(minute) AS day,
    app,
    env,
    provider,
    model,
    sum(m.exchanges) AS exchanges,
    sum(m.exchanges_without_cost) AS exchanges_without_cost,
    if(exchanges > exchanges_without_cost, sum(m.cost_usd), NULL) AS cost_usd,
    if(exchanges > exchanges_without_usage, sum(m.input_tokens), NULL) AS input_tokens,
    if(exchanges > exchanges_without_usage, sum(m.output_tokens), NULL) AS output_tokens,
    if(exchanges > exchanges_without_usage, sum(m.cache_read_tokens), NULL) AS cache_read_tokens,
    if(exchanges > exchanges_without_usage, sum(m.cache_write_tokens), NULL) AS cache_write_tokens,
    if(exchanges > exchanges_without_usage, sum(m.reasoning_tokens), NULL) AS reasoning_tokens,
    sum(m.exchanges_without_usage) AS exchanges_without_usage
FROM $database.exchanges_1m AS m
GROUP BY day, app, env, provider, model;
