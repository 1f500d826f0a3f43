-- What the recorder has written down about the rows that it stored, under a key that is not in the store (gateway/record/ledger_lines.py): the lines of its
-- ledger, and of each batch the ids and seals of its rows (base64; '' where a kill lost them). `tidegate verify` holds the exchanges against them.
-- first_at, last_at: of a batch's rows; of other lines, when they were written. Kept as long as the exchanges.
CREATE TABLE IF NOT EXISTS $database.ledger$local $on_cluster
(
    ledger LowCardinality(String),
    seq UInt64 CODEC(DoubleDelta, ZSTD(1)),
    first_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    last_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    line String CODEC(ZSTD(1)),
    seals String CODEC(ZSTD(1))
)
ENGINE = $ledger_engine
PARTITION BY toDate(last_at)
ORDER BY (ledger, seq)
SETTINGS $deduplication, ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1;

-- only: cluster
CREATE TABLE IF NOT EXISTS $database.ledger $on_cluster AS $database.ledger$local
ENGINE = Distributed('$cluster', $database, 'ledger$local', cityHash64(ledger, seq));
