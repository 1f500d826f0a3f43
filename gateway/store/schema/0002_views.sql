-- What people ask first, as views. Latency is that of exchanges that ended `ok`: a refusal in a millisecond says nothing about a model.

CREATE VIEW IF NOT EXISTS $database.latency_by_model $on_cluster AS
SELECT
    toDate(minute) AS day,
    app,
    env,
    provider,
    model,
    sum(m.exchanges) AS exchanges,
    sumIf(m.exchanges, m.outcome = 'ok') AS exchanges_ok,
    quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(duration_state, m.outcome = 'ok') AS duration,
    duration[1] AS duration_p50_s,
    duration[2] AS duration_p75_s,
    duration[3] AS duration_p90_s,
    duration[4] AS duration_p99_s,
    quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(time_to_first_chunk_state, m.outcome = 'ok') AS first_chunk,
    first_chunk[1] AS time_to_first_chunk_p50_s,
    first_chunk[2] AS time_to_first_chunk_p75_s,
    first_chunk[3] AS time_to_first_chunk_p90_s,
    first_chunk[4] AS time_to_first_chunk_p99_s,
    quantilesTDigestMergeIf(0.5, 0.75, 0.9, 0.99)(overhead_state, m.outcome = 'ok') AS overhead,
    overhead[1] AS overhead_p50_s,
    overhead[2] AS overhead_p75_s,
    overhead[3] AS overhead_p90_s,
    overhead[4] AS overhead_p99_s
FROM $database.exchanges_1m AS m
GROUP BY day, app, env, provider, model;

-- A bucket is named by its lower bound; NULL: the number of tokens is not known.
CREATE VIEW IF NOT EXISTS $database.latency_by_tokens $on_cluster AS
SELECT
    toDate(started_at) AS day,
    app,
    env,
    provider,
    if(response_model != '', response_model, request_model) AS model,
    roundDown(e.input_tokens, [0, 100, 500, 1000, 4000, 16000, 64000, 256000, 1000000]) AS input_tokens_from,
    roundDown(e.output_tokens, [0, 100, 500, 1000, 4000, 16000, 64000, 256000]) AS output_tokens_from,
    count() AS exchanges,
    quantilesTDigest(0.5, 0.75, 0.9, 0.99)(duration_s) AS duration,
    duration[1] AS duration_p50_s,
    duration[2] AS duration_p75_s,
    duration[3] AS duration_p90_s,
    duration[4] AS duration_p99_s,
    quantilesTDigest(0.5, 0.75, 0.9, 0.99)(time_to_first_chunk_s) AS first_chunk,
    first_chunk[1] AS time_to_first_chunk_p50_s,
    first_chunk[2] AS time_to_first_chunk_p75_s,
    first_chunk[3] AS time_to_first_chunk_p90_s,
    first_chunk[4] AS time_to_first_chunk_p99_s
FROM $database.exchanges AS e
WHERE outcome = 'ok'
GROUP BY day, app, env, provider, model, input_tokens_from, output_tokens_from;

-- cost_usd is the sum of the known costs: NULL when none is known, and exchanges_without_cost says how many it leaves out.
CREATE VIEW IF NOT EXISTS $database.cost_by_day $on_cluster AS
SELECT
    toDate(minute) AS day,
    app,
    env,
    provider,
    model,
    sum(m.exchanges) AS exchanges,
    sum(m.exchanges_without_cost) AS exchanges_without_cost,
    if(exchanges > exchanges_without_cost, sum(m.cost_usd), NULL) AS cost_usd,
    sum(m.input_tokens) AS input_tokens,
    sum(m.output_tokens) AS output_tokens,
    sum(m.cache_read_tokens) AS cache_read_tokens,
    sum(m.cache_write_tokens) AS cache_write_tokens,
    sum(m.reasoning_tokens) AS reasoning_tokens,
    sum(m.exchanges_without_usage) AS exchanges_without_usage
FROM $database.exchanges_1m AS m
GROUP BY day, app, env, provider, model;
