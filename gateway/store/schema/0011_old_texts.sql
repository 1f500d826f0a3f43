-- A text is compressed twice: cheaply when it comes, since everybody waits for that, and once more when its day and the next are over (the RECOMPRESS beside the retention, gateway/store/migrate.py). A column with a codec
-- of its own is left out of that, so texts take the table's; with them those small ones that never had one.

ALTER TABLE $database.exchanges$local $on_cluster
    MODIFY SETTING default_compression_codec = 'ZSTD(3)', max_number_of_merges_with_ttl_in_pool = 1;

ALTER TABLE $database.exchanges$local $on_cluster
    MODIFY COLUMN prompt_text String CODEC(Default) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN reply_text String CODEC(Default) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN request_body String CODEC(Default) SETTINGS (max_compress_block_size = 4194304),
    MODIFY COLUMN reply_body String CODEC(Default) SETTINGS (max_compress_block_size = 4194304);
