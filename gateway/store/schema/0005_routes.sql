-- Which provider each attempt was made at, and by which route. The default gives rows of before, and of gates that do not know the column yet, one "" for each phase.

ALTER TABLE $database.exchanges$local $on_cluster
    ADD COLUMN IF NOT EXISTS `phases.provider` Array(LowCardinality(String)) DEFAULT arrayMap(name -> CAST('', 'LowCardinality(String)'), `phases.name`) AFTER `phases.spent_s`,
    ADD COLUMN IF NOT EXISTS route LowCardinality(String);

-- only: cluster
ALTER TABLE $database.exchanges $on_cluster
    ADD COLUMN IF NOT EXISTS `phases.provider` Array(LowCardinality(String)) DEFAULT arrayMap(name -> CAST('', 'LowCardinality(String)'), `phases.name`) AFTER `phases.spent_s`,
    ADD COLUMN IF NOT EXISTS route LowCardinality(String);
