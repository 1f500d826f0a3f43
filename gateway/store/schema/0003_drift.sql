-- Drift: what was compared with what, what was found, and what both were taken from. Written by gateway/drift, read by the console and by whoever
-- asks. Figures are kept as long as the rollup; what quotes traffic (report, exemplars, ids of rows) as long as the exchanges (gateway/store/migrate.py).

-- One look. window_from is included, window_to is not; NULL where a side is not a span of time. pvalue and novel_share NULL: nothing was tested, and notes say why.
-- alarm_alpha: what this look was allowed of the yearly budget; NULL: it was asked for, and has no part in it. A prompt_name of '': all prompts.
CREATE TABLE IF NOT EXISTS $database.drift_runs$local $on_cluster
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
ENGINE = $drift_runs_engine
PARTITION BY toYYYYMM(started_at)
ORDER BY (app, prompt_name, started_at, id)
SETTINGS $deduplication, materialize_ttl_recalculate_only = 1;

-- One topic as one look saw it: topic_id is the same over looks. Shares are of the rows of that side, 0 to 1, with their 95 % intervals; exchange_ids and
-- exemplars (masked) are of the window, or of the baseline where the topic shrank; centre is of length 1, in the model's own space.
CREATE TABLE IF NOT EXISTS $database.drift_topics$local $on_cluster
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
ENGINE = $drift_topics_engine
PARTITION BY toYYYYMM(started_at)
ORDER BY (app, prompt_name, topic_id, started_at, run_id)
SETTINGS $deduplication, materialize_ttl_recalculate_only = 1;

-- Vectors that were computed once, by model and SHA-256 of the text (in hexadecimal): a cache, which may be emptied at any time.
CREATE TABLE IF NOT EXISTS $database.drift_embeddings$local $on_cluster
(
    model LowCardinality(String),
    hash FixedString(64),
    vector Array(Float32) CODEC(ZSTD(1)),
    at DateTime('UTC')
)
ENGINE = $drift_embeddings_engine
ORDER BY (model, hash)
SETTINGS $deduplication, materialize_ttl_recalculate_only = 1;

-- Baselines with a name, each version once; of equal (app, name, version) the one changed last holds. source: env, window, tag, prompt or file; spec: as
-- JSON, what it was made of. gone: removed.
CREATE TABLE IF NOT EXISTS $database.drift_baselines$local $on_cluster
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
ENGINE = $drift_baselines_engine
ORDER BY (app, name, version)
SETTINGS $deduplication;

-- Their rows. Those of exchanges are ids, so a baseline never outlives the record that it quotes; those of a file hold their texts. facts: JSON.
CREATE TABLE IF NOT EXISTS $database.drift_samples$local $on_cluster
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
ENGINE = $drift_samples_engine
ORDER BY (app, name, version, position)
SETTINGS $deduplication;

-- What providers called themselves, and since when: what is response_model or fingerprint. Outlives the exchanges, so that what was forgotten is not new;
-- so it has no TTL. It holds names and no traffic, one row for each.
CREATE TABLE IF NOT EXISTS $database.drift_seen$local $on_cluster
(
    provider LowCardinality(String),
    request_model LowCardinality(String),
    what LowCardinality(String),
    value String,
    first_seen SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_seen SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = $drift_seen_engine
ORDER BY (provider, request_model, what, value)
SETTINGS $deduplication;

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.drift_runs $on_cluster AS $database.drift_runs$local
ENGINE = Distributed('$cluster', $database, 'drift_runs$local', cityHash64(app));

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.drift_topics $on_cluster AS $database.drift_topics$local
ENGINE = Distributed('$cluster', $database, 'drift_topics$local', cityHash64(app));

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.drift_embeddings $on_cluster AS $database.drift_embeddings$local
ENGINE = Distributed('$cluster', $database, 'drift_embeddings$local', cityHash64(hash));

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.drift_baselines $on_cluster AS $database.drift_baselines$local
ENGINE = Distributed('$cluster', $database, 'drift_baselines$local', cityHash64(app));

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.drift_samples $on_cluster AS $database.drift_samples$local
ENGINE = Distributed('$cluster', $database, 'drift_samples$local', cityHash64(app));

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.drift_seen $on_cluster AS $database.drift_seen$local
ENGINE = Distributed('$cluster', $database, 'drift_seen$local', cityHash64(value));
