-- What of an exchange had a time of its own: attempts at the provider, looks of guards (Phase in gateway/exchange.py). Columns one by one, for a Nested
-- as a whole cannot be added twice. trace_sampled: of rows before it, true.

ALTER TABLE $database.exchanges$local $on_cluster
    ADD COLUMN IF NOT EXISTS `phases.name` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.start_s` Array(Float64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `phases.duration_s` Array(Float64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `phases.result` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.error_code` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.upstream_status` Array(Nullable(UInt16)),
    ADD COLUMN IF NOT EXISTS `phases.spent_s` Array(Nullable(Float64)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS trace_sampled Bool DEFAULT true;

-- only: cluster
ALTER TABLE $database.exchanges $on_cluster
    ADD COLUMN IF NOT EXISTS `phases.name` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.start_s` Array(Float64),
    ADD COLUMN IF NOT EXISTS `phases.duration_s` Array(Float64),
    ADD COLUMN IF NOT EXISTS `phases.result` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.error_code` Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS `phases.upstream_status` Array(Nullable(UInt16)),
    ADD COLUMN IF NOT EXISTS `phases.spent_s` Array(Nullable(Float64)),
    ADD COLUMN IF NOT EXISTS trace_sampled Bool DEFAULT true;
