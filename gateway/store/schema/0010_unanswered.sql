-- What a crash left open was asked who knows how often, and its caller was told who knows what: NULL, where rows of before say 0. The server rewrites
-- these two columns; gates of before insert as they did.

ALTER TABLE $database.exchanges$local $on_cluster
    MODIFY COLUMN status Nullable(UInt16),
    MODIFY COLUMN attempts Nullable(UInt16);

-- only: cluster
ALTER TABLE $database.exchanges $on_cluster
    MODIFY COLUMN status Nullable(UInt16),
    MODIFY COLUMN attempts Nullable(UInt16);
