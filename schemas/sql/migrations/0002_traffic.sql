-- What was asked, by whom: append only, delivered at least once. A repeated block is dropped by its insert token; what is
-- left of a redelivery with other borders has the same (topic, partition, offset), by which queries take one row.
-- Partitions are days of arrival and not of record time, which a client may choose.

CREATE TABLE IF NOT EXISTS tidegate.records
(
    time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    tenant LowCardinality(String),
    model LowCardinality(String),
    version LowCardinality(String),
    principal String CODEC(ZSTD(1)),
    id String CODEC(ZSTD(1)),
    topic LowCardinality(String),
    partition Int32 CODEC(ZSTD(1)),
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    input_hash UInt64 CODEC(ZSTD(1)),
    label String CODEC(ZSTD(1)),
    margin Float32 DEFAULT nan CODEC(ZSTD(1)),
    confidence Float32 DEFAULT nan CODEC(ZSTD(1)),
    latency_ms Float32 DEFAULT nan CODEC(ZSTD(1)),
    tokens_in Int32 DEFAULT -1 CODEC(ZSTD(1)),
    tokens_out Int32 DEFAULT -1 CODEC(ZSTD(1)),
    status Int32 DEFAULT -1 CODEC(ZSTD(1)),
    client_ip String CODEC(ZSTD(1)),
    user_agent String CODEC(ZSTD(1)),
    session String CODEC(ZSTD(1)),
    trace_id String CODEC(ZSTD(1)),
    payload String CODEC(ZSTD(3)),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_input input_hash TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    PROJECTION by_principal (SELECT time, tenant, model, version, principal, id, topic, partition, offset, input_hash, label, margin, confidence, latency_ms, tokens_in, tokens_out, status, client_ip, user_agent, session, trace_id ORDER BY (principal, time))
)
ENGINE = MergeTree
PARTITION BY toDate(ingest_time)
ORDER BY (tenant, model, toStartOfHour(time), principal, time)
TTL toDateTime(ingest_time) + INTERVAL 30 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- A sample of scores: for each record the detectors that had an opinion, and their scores in the same order.
CREATE TABLE IF NOT EXISTS tidegate.scores
(
    time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    tenant LowCardinality(String),
    model LowCardinality(String),
    version LowCardinality(String),
    principal String CODEC(ZSTD(1)),
    id String CODEC(ZSTD(1)),
    topic LowCardinality(String),
    partition Int32 CODEC(ZSTD(1)),
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    detectors Array(LowCardinality(String)) CODEC(ZSTD(1)),
    scores Array(Float32) CODEC(ZSTD(1)),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(ingest_time)
ORDER BY (tenant, model, toStartOfHour(time), principal, time)
TTL toDateTime(ingest_time) + INTERVAL 30 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- One compact vector and signature a record, to find who else sent something like it.
CREATE TABLE IF NOT EXISTS tidegate.sketches
(
    time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    tenant LowCardinality(String),
    model LowCardinality(String),
    version LowCardinality(String),
    principal String CODEC(ZSTD(1)),
    id String CODEC(ZSTD(1)),
    topic LowCardinality(String),
    partition Int32 CODEC(ZSTD(1)),
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    input_hash UInt64 CODEC(ZSTD(1)),
    vector Array(Float32) CODEC(ZSTD(1)),
    signature Array(UInt32) CODEC(ZSTD(1)),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(ingest_time)
ORDER BY (tenant, model, toStartOfHour(time), principal, time)
TTL toDateTime(ingest_time) + INTERVAL 90 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
