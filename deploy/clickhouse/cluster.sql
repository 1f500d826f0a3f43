-- The schema for a cluster called "tidegate", made by: tidegate migrate --print --cluster tidegate
-- The gate makes all of this by itself when it starts (store.cluster); run it yourself if the gate's user may make no tables. How it is meant: gateway/store/topology.py.

CREATE DATABASE IF NOT EXISTS `tidegate` ON CLUSTER `tidegate`;

CREATE TABLE IF NOT EXISTS `tidegate`.schema_migrations ON CLUSTER `tidegate`
(version UInt32, name String, gateway_version String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplicatedMergeTree('/clickhouse/tables/tidegate/schema_migrations', '{shard}-{replica}') ORDER BY version;

CREATE TABLE IF NOT EXISTS `tidegate`.exchanges_local ON CLUSTER `tidegate`
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/tidegate/exchanges_local', '{replica}')
PARTITION BY toDate(started_at)
ORDER BY (app, env, started_at, id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, min_free_disk_bytes_to_perform_insert = 268435456;

CREATE TABLE IF NOT EXISTS `tidegate`.exchanges_1m_local ON CLUSTER `tidegate`
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
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/tidegate/exchanges_1m_local', '{replica}')
PARTITION BY toYYYYMM(minute)
ORDER BY (app, env, provider, model, outcome, minute)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS `tidegate`.exchanges_1m_feed ON CLUSTER `tidegate` TO `tidegate`.exchanges_1m_local AS
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
FROM `tidegate`.exchanges_local AS raw
GROUP BY minute, app, env, provider, model, outcome;

CREATE TABLE IF NOT EXISTS `tidegate`.exchanges ON CLUSTER `tidegate` AS `tidegate`.exchanges_local
ENGINE = Distributed('tidegate', `tidegate`, 'exchanges_local', cityHash64(id));

CREATE TABLE IF NOT EXISTS `tidegate`.exchanges_1m ON CLUSTER `tidegate` AS `tidegate`.exchanges_1m_local
ENGINE = Distributed('tidegate', `tidegate`, 'exchanges_1m_local', cityHash64(app, minute));

CREATE VIEW IF NOT EXISTS `tidegate`.latency_by_model ON CLUSTER `tidegate` AS
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
FROM `tidegate`.exchanges_1m AS m
GROUP BY day, app, env, provider, model;

CREATE VIEW IF NOT EXISTS `tidegate`.latency_by_tokens ON CLUSTER `tidegate` AS
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
FROM `tidegate`.exchanges AS e
WHERE outcome = 'ok'
GROUP BY day, app, env, provider, model, input_tokens_from, output_tokens_from;

CREATE VIEW IF NOT EXISTS `tidegate`.cost_by_day ON CLUSTER `tidegate` AS
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
FROM `tidegate`.exchanges_1m AS m
GROUP BY day, app, env, provider, model;

CREATE TABLE IF NOT EXISTS `tidegate`.drift_runs_local ON CLUSTER `tidegate`
(
    id UUID,
    started_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    app LowCardinality(String),
    prompt_name LowCardinality(String),
    kind LowCardinality(String),
    baseline LowCardinality(String),
    baseline_version UInt32,
    baseline_from Nullable(DateTime64(6, 'UTC')),
    baseline_to Nullable(DateTime64(6, 'UTC')),
    window_from Nullable(DateTime64(6, 'UTC')),
    window_to Nullable(DateTime64(6, 'UTC')),
    rows_baseline UInt32,
    rows_window UInt32,
    sessions_baseline UInt32,
    sessions_window UInt32,
    tested Bool,
    alarm Bool,
    alarm_alpha Nullable(Float64),
    pvalue Nullable(Float64),
    alpha Float64,
    permutations UInt32,
    aspects Nested
    (
        name LowCardinality(String),
        pvalue Float64,
        significant Bool
    ),
    features Nested
    (
        aspect LowCardinality(String),
        feature LowCardinality(String),
        pvalue Float64,
        significant Bool,
        effect String,
        size Float64
    ),
    novel_share Nullable(Float64),
    notes Array(String) CODEC(ZSTD(1)),
    model LowCardinality(String),
    seconds Float64,
    report String CODEC(ZSTD(3)),
    gateway_version LowCardinality(String)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/tidegate/drift_runs_local', '{replica}')
PARTITION BY toYYYYMM(started_at)
ORDER BY (app, prompt_name, started_at, id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, materialize_ttl_recalculate_only = 1;

CREATE TABLE IF NOT EXISTS `tidegate`.drift_topics_local ON CLUSTER `tidegate`
(
    run_id UUID,
    started_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    app LowCardinality(String),
    prompt_name LowCardinality(String),
    topic_id UUID,
    first_seen DateTime64(6, 'UTC') CODEC(ZSTD(1)),
    aspect LowCardinality(String),
    label String CODEC(ZSTD(1)),
    keywords Array(String) CODEC(ZSTD(1)),
    direction LowCardinality(String),
    share_baseline Float64,
    share_baseline_low Float64,
    share_baseline_high Float64,
    share_window Float64,
    share_window_low Float64,
    share_window_high Float64,
    rows_baseline UInt32,
    rows_window UInt32,
    pvalue Float64,
    exchange_ids Array(UUID) CODEC(ZSTD(1)),
    exemplars Array(String) CODEC(ZSTD(3)),
    model LowCardinality(String),
    centre Array(Float32) CODEC(ZSTD(1))
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/tidegate/drift_topics_local', '{replica}')
PARTITION BY toYYYYMM(started_at)
ORDER BY (app, prompt_name, topic_id, started_at, run_id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, materialize_ttl_recalculate_only = 1;

CREATE TABLE IF NOT EXISTS `tidegate`.drift_embeddings_local ON CLUSTER `tidegate`
(
    model LowCardinality(String),
    hash FixedString(64),
    vector Array(Float32) CODEC(ZSTD(1)),
    at DateTime('UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/tidegate/drift_embeddings_local', '{replica}', at)
ORDER BY (model, hash)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, materialize_ttl_recalculate_only = 1;

CREATE TABLE IF NOT EXISTS `tidegate`.drift_baselines_local ON CLUSTER `tidegate`
(
    app LowCardinality(String),
    name String,
    version UInt32,
    source LowCardinality(String),
    spec String CODEC(ZSTD(1)),
    description String CODEC(ZSTD(1)),
    created_at DateTime64(6, 'UTC'),
    changed_at DateTime64(6, 'UTC'),
    rows UInt32,
    of_rows UInt64,
    gone Bool
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/tidegate/drift_baselines_local', '{replica}', changed_at)
ORDER BY (app, name, version)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800;

CREATE TABLE IF NOT EXISTS `tidegate`.drift_samples_local ON CLUSTER `tidegate`
(
    app LowCardinality(String),
    name String,
    version UInt32,
    position UInt32,
    exchange_id Nullable(UUID),
    started_at Nullable(DateTime64(6, 'UTC')),
    input Nullable(String) CODEC(ZSTD(3)),
    output Nullable(String) CODEC(ZSTD(3)),
    session String CODEC(ZSTD(1)),
    facts String CODEC(ZSTD(1))
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/tidegate/drift_samples_local', '{replica}')
ORDER BY (app, name, version, position)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800;

CREATE TABLE IF NOT EXISTS `tidegate`.drift_seen_local ON CLUSTER `tidegate`
(
    provider LowCardinality(String),
    request_model LowCardinality(String),
    what LowCardinality(String),
    value String,
    first_seen SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_seen SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/tidegate/drift_seen_local', '{replica}')
ORDER BY (provider, request_model, what, value)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800;

CREATE TABLE IF NOT EXISTS `tidegate`.drift_runs ON CLUSTER `tidegate` AS `tidegate`.drift_runs_local
ENGINE = Distributed('tidegate', `tidegate`, 'drift_runs_local', cityHash64(app));

CREATE TABLE IF NOT EXISTS `tidegate`.drift_topics ON CLUSTER `tidegate` AS `tidegate`.drift_topics_local
ENGINE = Distributed('tidegate', `tidegate`, 'drift_topics_local', cityHash64(app));

CREATE TABLE IF NOT EXISTS `tidegate`.drift_embeddings ON CLUSTER `tidegate` AS `tidegate`.drift_embeddings_local
ENGINE = Distributed('tidegate', `tidegate`, 'drift_embeddings_local', cityHash64(hash));

CREATE TABLE IF NOT EXISTS `tidegate`.drift_baselines ON CLUSTER `tidegate` AS `tidegate`.drift_baselines_local
ENGINE = Distributed('tidegate', `tidegate`, 'drift_baselines_local', cityHash64(app));

CREATE TABLE IF NOT EXISTS `tidegate`.drift_samples ON CLUSTER `tidegate` AS `tidegate`.drift_samples_local
ENGINE = Distributed('tidegate', `tidegate`, 'drift_samples_local', cityHash64(app));

CREATE TABLE IF NOT EXISTS `tidegate`.drift_seen ON CLUSTER `tidegate` AS `tidegate`.drift_seen_local
ENGINE = Distributed('tidegate', `tidegate`, 'drift_seen_local', cityHash64(value));

ALTER TABLE `tidegate`.exchanges_local ON CLUSTER `tidegate`
    ADD COLUMN IF NOT EXISTS `phases.name` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.start_s` Array(Float64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `phases.duration_s` Array(Float64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `phases.result` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.error_code` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.upstream_status` Array(Nullable(UInt16)),
    ADD COLUMN IF NOT EXISTS `phases.spent_s` Array(Nullable(Float64)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS trace_sampled Bool DEFAULT true;

ALTER TABLE `tidegate`.exchanges ON CLUSTER `tidegate`
    ADD COLUMN IF NOT EXISTS `phases.name` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.start_s` Array(Float64),
    ADD COLUMN IF NOT EXISTS `phases.duration_s` Array(Float64),
    ADD COLUMN IF NOT EXISTS `phases.result` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.error_code` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.upstream_status` Array(Nullable(UInt16)),
    ADD COLUMN IF NOT EXISTS `phases.spent_s` Array(Nullable(Float64)),
    ADD COLUMN IF NOT EXISTS trace_sampled Bool DEFAULT true;

ALTER TABLE `tidegate`.exchanges_local ON CLUSTER `tidegate`
    ADD COLUMN IF NOT EXISTS `phases.provider` Array(LowCardinality(String)) DEFAULT arrayMap(name -> CAST('', 'LowCardinality(String)'), `phases.name`) AFTER `phases.spent_s`,
    ADD COLUMN IF NOT EXISTS route LowCardinality(String);

ALTER TABLE `tidegate`.exchanges ON CLUSTER `tidegate`
    ADD COLUMN IF NOT EXISTS `phases.provider` Array(LowCardinality(String)) DEFAULT arrayMap(name -> CAST('', 'LowCardinality(String)'), `phases.name`) AFTER `phases.spent_s`,
    ADD COLUMN IF NOT EXISTS route LowCardinality(String);

CREATE TABLE IF NOT EXISTS `tidegate`.ledger_local ON CLUSTER `tidegate`
(
    ledger LowCardinality(String),
    seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    first_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    last_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    line String CODEC(ZSTD(1)),
    seals String CODEC(ZSTD(1))
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/tidegate/ledger_local', '{replica}')
PARTITION BY toDate(last_at)
ORDER BY (ledger, seq)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

CREATE TABLE IF NOT EXISTS `tidegate`.ledger ON CLUSTER `tidegate` AS `tidegate`.ledger_local
ENGINE = Distributed('tidegate', `tidegate`, 'ledger_local', cityHash64(ledger, seq));

ALTER TABLE `tidegate`.exchanges_1m_local ON CLUSTER `tidegate`
    MODIFY COLUMN input_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN output_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_read_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_write_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN reasoning_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cost_usd SimpleAggregateFunction(sum, Nullable(Decimal(38, 9)));

ALTER TABLE `tidegate`.exchanges_1m ON CLUSTER `tidegate`
    MODIFY COLUMN input_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN output_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_read_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cache_write_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN reasoning_tokens SimpleAggregateFunction(sum, Nullable(UInt64)),
    MODIFY COLUMN cost_usd SimpleAggregateFunction(sum, Nullable(Decimal(38, 9)));

ATTACH TABLE IF NOT EXISTS `tidegate`.exchanges_1m_feed ON CLUSTER `tidegate`;

ALTER TABLE `tidegate`.exchanges_1m_feed ON CLUSTER `tidegate` MODIFY QUERY
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
FROM `tidegate`.exchanges_local AS raw
GROUP BY minute, app, env, provider, model, outcome;

DETACH TABLE IF EXISTS `tidegate`.exchanges_1m_feed ON CLUSTER `tidegate` SYNC;

ATTACH TABLE IF NOT EXISTS `tidegate`.exchanges_1m_feed ON CLUSTER `tidegate`;

CREATE OR REPLACE VIEW `tidegate`.latency_by_model ON CLUSTER `tidegate` AS
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
FROM `tidegate`.exchanges_1m AS m
GROUP BY day, app, env, provider, model;

CREATE OR REPLACE VIEW `tidegate`.latency_by_tokens ON CLUSTER `tidegate` AS
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
FROM `tidegate`.exchanges AS e
WHERE outcome = 'ok'
GROUP BY day, app, env, provider, model, input_tokens_from, output_tokens_from;

CREATE OR REPLACE VIEW `tidegate`.cost_by_day ON CLUSTER `tidegate` AS
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
FROM `tidegate`.exchanges_1m AS m
GROUP BY day, app, env, provider, model;

ALTER TABLE `tidegate`.exchanges_1m_local ON CLUSTER `tidegate`
    MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

ALTER TABLE `tidegate`.exchanges_1m_local ON CLUSTER `tidegate`
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

ALTER TABLE `tidegate`.exchanges_1m_local ON CLUSTER `tidegate` MATERIALIZE PROJECTION by_day SETTINGS mutations_sync = 0;

ALTER TABLE `tidegate`.exchanges_local ON CLUSTER `tidegate`
    MODIFY COLUMN prompt_text String CODEC(ZSTD(3)) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN reply_text String CODEC(ZSTD(3)) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN request_body String CODEC(ZSTD(3)) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN reply_body String CODEC(ZSTD(3)) SETTINGS (max_compress_block_size = 4194304);

ALTER TABLE `tidegate`.exchanges_local ON CLUSTER `tidegate`
    MODIFY COLUMN status Nullable(UInt16),
    MODIFY COLUMN attempts Nullable(UInt16);

ALTER TABLE `tidegate`.exchanges ON CLUSTER `tidegate`
    MODIFY COLUMN status Nullable(UInt16),
    MODIFY COLUMN attempts Nullable(UInt16);

ALTER TABLE `tidegate`.exchanges_local ON CLUSTER `tidegate`
    MODIFY SETTING default_compression_codec = 'ZSTD(3)', max_number_of_merges_with_ttl_in_pool = 1;

ALTER TABLE `tidegate`.exchanges_local ON CLUSTER `tidegate`
    MODIFY COLUMN prompt_text String CODEC(Default) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN reply_text String CODEC(Default) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN request_body String CODEC(Default) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN reply_body String CODEC(Default) SETTINGS (max_compress_block_size = 4194304);

ALTER TABLE `tidegate`.exchanges_local ON CLUSTER `tidegate`
    MODIFY COLUMN reply_bytes Nullable(UInt64);

ALTER TABLE `tidegate`.exchanges ON CLUSTER `tidegate`
    MODIFY COLUMN reply_bytes Nullable(UInt64);

ALTER TABLE `tidegate`.`exchanges_local` ON CLUSTER `tidegate` MODIFY TTL toDate(started_at) + INTERVAL 90 DAY, toDate(started_at) + toIntervalDay(2) RECOMPRESS CODEC(ZSTD(7));

ALTER TABLE `tidegate`.`ledger_local` ON CLUSTER `tidegate` MODIFY TTL toDate(last_at) + INTERVAL 90 DAY;

ALTER TABLE `tidegate`.`exchanges_1m_local` ON CLUSTER `tidegate` MODIFY TTL toDate(minute) + INTERVAL 400 DAY;

ALTER TABLE `tidegate`.`drift_runs_local` ON CLUSTER `tidegate` MODIFY TTL toDate(started_at) + INTERVAL 400 DAY;

ALTER TABLE `tidegate`.`drift_runs_local` ON CLUSTER `tidegate` MODIFY COLUMN report TTL toDate(started_at) + INTERVAL 90 DAY;

ALTER TABLE `tidegate`.`drift_topics_local` ON CLUSTER `tidegate` MODIFY TTL toDate(started_at) + INTERVAL 400 DAY;

ALTER TABLE `tidegate`.`drift_topics_local` ON CLUSTER `tidegate` MODIFY COLUMN exchange_ids TTL toDate(started_at) + INTERVAL 90 DAY;

ALTER TABLE `tidegate`.`drift_topics_local` ON CLUSTER `tidegate` MODIFY COLUMN exemplars TTL toDate(started_at) + INTERVAL 90 DAY;

ALTER TABLE `tidegate`.`drift_embeddings_local` ON CLUSTER `tidegate` MODIFY TTL toDate(at) + INTERVAL 90 DAY;

INSERT INTO `tidegate`.schema_migrations (version, name) VALUES (1, 'exchanges'), (2, 'views'), (3, 'drift'), (4, 'phases'), (5, 'routes'), (6, 'ledger'), (7, 'unknown'), (8, 'days'), (9, 'blocks'), (10, 'unanswered'), (11, 'old_texts'), (12, 'untold');
