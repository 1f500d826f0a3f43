-- The record. Columns are the fields of Exchange (gateway/exchange.py), in order, and the types say what NULL means: not known, or did not happen.
-- How this file is read: gateway/store/topology.py. Statements end with a semicolon at the end of a line; each may be run twice.

CREATE TABLE IF NOT EXISTS $database.exchanges$local $on_cluster
(
    id UUID,
    started_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    app LowCardinality(String),
    env LowCardinality(String),
    key_id LowCardinality(String),
    user_id String CODEC(ZSTD(1)),
    session_id String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)),
    prompt_name LowCardinality(String),
    prompt_version LowCardinality(String),
    tags Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    provider LowCardinality(String),
    dialect LowCardinality(String),
    operation LowCardinality(String),
    method LowCardinality(String),
    endpoint LowCardinality(String),
    request_model LowCardinality(String),
    response_model LowCardinality(String),
    is_stream Bool,
    status UInt16,
    upstream_status Nullable(UInt16),
    outcome LowCardinality(String),
    error_code LowCardinality(String),
    finish_reason LowCardinality(String),
    attempts UInt16,
    duration_s Nullable(Float64) CODEC(ZSTD(1)),
    time_to_first_chunk_s Nullable(Float64) CODEC(ZSTD(1)),
    upstream_s Nullable(Float64) CODEC(ZSTD(1)),
    connect_s Nullable(Float64) CODEC(ZSTD(1)),
    overhead_s Nullable(Float64) CODEC(ZSTD(1)),
    guard_s Nullable(Float64) CODEC(ZSTD(1)),
    input_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    output_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    cache_read_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    cache_write_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    cache_write_1h_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    reasoning_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    input_audio_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    output_audio_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    usage_source LowCardinality(String),
    usage_note LowCardinality(String),
    usage_raw String CODEC(ZSTD(3)),
    cost_usd Nullable(Decimal(18, 9)) CODEC(ZSTD(1)),
    price_source LowCardinality(String),
    request_bytes UInt64 CODEC(ZSTD(1)),
    reply_bytes UInt64 CODEC(ZSTD(1)),
    prompt_text String CODEC(ZSTD(3)),
    reply_text String CODEC(ZSTD(3)),
    request_body String CODEC(ZSTD(3)),
    reply_body String CODEC(ZSTD(3)),
    body_note LowCardinality(String),
    findings Nested
    (
        detector LowCardinality(String),
        kind LowCardinality(String),
        direction LowCardinality(String),
        action LowCardinality(String),
        score Float64,
        count UInt32
    ),
    verdict LowCardinality(String),
    batch_id String CODEC(ZSTD(1)),
    worker LowCardinality(String),
    gateway_version LowCardinality(String),
    INDEX id_filter id TYPE bloom_filter(0.001) GRANULARITY 4,
    INDEX session_filter session_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX trace_filter trace_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX batch_filter batch_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = $exchanges_engine
PARTITION BY toDate(started_at)
ORDER BY (app, env, started_at, id)
SETTINGS $deduplication, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, min_free_disk_bytes_to_perform_insert = 268435456;

-- Per minute. Tokens and costs are sums over the exchanges that have them; those that have not are counted beside, never taken for 0.
CREATE TABLE IF NOT EXISTS $database.exchanges_1m$local $on_cluster
(
    minute DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
    app LowCardinality(String),
    env LowCardinality(String),
    provider LowCardinality(String),
    model LowCardinality(String),
    outcome LowCardinality(String),
    exchanges SimpleAggregateFunction(sum, UInt64),
    input_tokens SimpleAggregateFunction(sum, UInt64),
    output_tokens SimpleAggregateFunction(sum, UInt64),
    cache_read_tokens SimpleAggregateFunction(sum, UInt64),
    cache_write_tokens SimpleAggregateFunction(sum, UInt64),
    reasoning_tokens SimpleAggregateFunction(sum, UInt64),
    exchanges_without_usage SimpleAggregateFunction(sum, UInt64),
    cost_usd SimpleAggregateFunction(sum, Decimal(38, 9)),
    exchanges_without_cost SimpleAggregateFunction(sum, UInt64),
    duration_state AggregateFunction(quantilesTDigest(0.5, 0.75, 0.9, 0.99), Nullable(Float64)),
    time_to_first_chunk_state AggregateFunction(quantilesTDigest(0.5, 0.75, 0.9, 0.99), Nullable(Float64)),
    overhead_state AggregateFunction(quantilesTDigest(0.5, 0.75, 0.9, 0.99), Nullable(Float64))
)
ENGINE = $rollup_engine
PARTITION BY toYYYYMM(minute)
ORDER BY (app, env, provider, model, outcome, minute)
SETTINGS $deduplication, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS $database.exchanges_1m_feed $on_cluster TO $database.exchanges_1m$local AS
SELECT
    toStartOfMinute(started_at) AS minute,
    app,
    env,
    provider,
    if(response_model != '', response_model, request_model) AS model,
    outcome,
    count() AS exchanges,
    sum(ifNull(raw.input_tokens, 0)) AS input_tokens,
    sum(ifNull(raw.output_tokens, 0)) AS output_tokens,
    sum(ifNull(raw.cache_read_tokens, 0)) AS cache_read_tokens,
    sum(ifNull(raw.cache_write_tokens, 0)) AS cache_write_tokens,
    sum(ifNull(raw.reasoning_tokens, 0)) AS reasoning_tokens,
    countIf(isNull(raw.input_tokens) AND isNull(raw.output_tokens)) AS exchanges_without_usage,
    sum(ifNull(raw.cost_usd, toDecimal64(0, 9))) AS cost_usd,
    countIf(isNull(raw.cost_usd)) AS exchanges_without_cost,
    quantilesTDigestState(0.5, 0.75, 0.9, 0.99)(raw.duration_s) AS duration_state,
    quantilesTDigestState(0.5, 0.75, 0.9, 0.99)(raw.time_to_first_chunk_s) AS time_to_first_chunk_state,
    quantilesTDigestState(0.5, 0.75, 0.9, 0.99)(raw.overhead_s) AS overhead_state
FROM $database.exchanges$local AS raw
GROUP BY minute, app, env, provider, model, outcome;

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.exchanges $on_cluster AS $database.exchanges$local
ENGINE = Distributed('$cluster', $database, 'exchanges$local', cityHash64(id));

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.exchanges_1m $on_cluster AS $database.exchanges_1m$local
ENGINE = Distributed('$cluster', $database, 'exchanges_1m$local', cityHash64(app, minute));
