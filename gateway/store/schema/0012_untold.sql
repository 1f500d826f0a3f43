-- How much a caller was given of what a crash left open is not known where nothing of it was on record yet: NULL, where rows of before say 0. The server
-- rewrites this column; gates of before insert as they did.

ALTER TABLE $database.exchanges$local $on_cluster
    MODIFY COLUMN reply_bytes Nullable(UInt64);

-- only: cluster
ALTER TABLE $database.exchanges $on_cluster
    MODIFY COLUMN reply_bytes Nullable(UInt64);
