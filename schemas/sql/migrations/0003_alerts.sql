-- What was found. A row with the same key and a higher revision replaces the earlier one; read with FINAL. A worker's
-- is the alert's last_time in us, so that its latest word stays whatever a replay writes again; an analyst's is 2^63 or
-- more. `body` is the alert as JSON, to the last digit; the other columns are for searching.

CREATE TABLE IF NOT EXISTS tidegate.alerts
(
    id String CODEC(ZSTD(1)),
    revision UInt64,
    time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    first_time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    verdict LowCardinality(String),
    threat LowCardinality(String),
    severity LowCardinality(String),
    detector LowCardinality(String),
    tenant LowCardinality(String),
    model LowCardinality(String),
    version LowCardinality(String),
    principal String CODEC(ZSTD(1)),
    principals Array(String) CODEC(ZSTD(1)),
    trigger String CODEC(ZSTD(1)),
    record_ids Array(String) CODEC(ZSTD(1)),
    count UInt64,
    title String CODEC(ZSTD(1)),
    message String CODEC(ZSTD(3)),
    score Float64,
    threshold Float64,
    unit LowCardinality(String),
    gate LowCardinality(String),
    calibration String CODEC(ZSTD(1)),
    budget_paid Float64,
    confidence Float64,
    atlas Array(LowCardinality(String)),
    owasp_ml Array(LowCardinality(String)),
    owasp_llm Array(LowCardinality(String)),
    nist Array(LowCardinality(String)),
    recommendation LowCardinality(String),
    runbook LowCardinality(String),
    incident String CODEC(ZSTD(1)),
    status LowCardinality(String),
    drill UInt8,
    release LowCardinality(String),
    body String CODEC(ZSTD(3)),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_principal principals TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(first_time)
ORDER BY (tenant, toStartOfDay(first_time), id)
TTL toDateTime(ingest_time) + INTERVAL 400 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS tidegate.incidents
(
    id String CODEC(ZSTD(1)),
    revision UInt64,
    first_time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last_time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    verdict LowCardinality(String),
    threat LowCardinality(String),
    severity LowCardinality(String),
    tenant LowCardinality(String),
    models Array(LowCardinality(String)),
    principals Array(String) CODEC(ZSTD(1)),
    alerts Array(String) CODEC(ZSTD(1)),
    title String CODEC(ZSTD(1)),
    status LowCardinality(String),
    body String CODEC(ZSTD(3)),
    INDEX by_principal principals TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(first_time)
ORDER BY (tenant, toStartOfDay(first_time), id)
TTL toDateTime(ingest_time) + INTERVAL 400 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000;

-- What alerts point at, sealed: readable with a key that can be destroyed.
CREATE TABLE IF NOT EXISTS tidegate.evidence
(
    alert String CODEC(ZSTD(1)),
    time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    tenant LowCardinality(String),
    model LowCardinality(String),
    version LowCardinality(String),
    principal String CODEC(ZSTD(1)),
    id String CODEC(ZSTD(1)),
    topic LowCardinality(String),
    partition Int32,
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    key_id String CODEC(ZSTD(1)),
    hash String CODEC(ZSTD(1)),
    sealed String CODEC(NONE)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (alert, topic, partition, offset)
TTL toDateTime(ingest_time) + INTERVAL 400 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000;

-- What analysts said, as they said it: never replaced.
CREATE TABLE IF NOT EXISTS tidegate.triage
(
    alert String CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    analyst String CODEC(ZSTD(1)),
    verdict LowCardinality(String),
    note String CODEC(ZSTD(3)),
    until DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (alert, time)
SETTINGS non_replicated_deduplication_window = 10000;

-- What is expected and raises no alert until a date; empty fields match all.
CREATE TABLE IF NOT EXISTS tidegate.exceptions
(
    id String CODEC(ZSTD(1)),
    revision UInt64,
    created DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    until DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    analyst String CODEC(ZSTD(1)),
    tenant LowCardinality(String),
    model LowCardinality(String),
    principal String CODEC(ZSTD(1)),
    threat LowCardinality(String),
    detector LowCardinality(String),
    note String CODEC(ZSTD(3)),
    active UInt8
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 10000;
