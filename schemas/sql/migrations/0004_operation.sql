-- What was watched, what it cost, and what it was judged by.

-- A row counts a bucket of 4096 offsets, so that records delivered again fall into the same rows and replace them.
-- `not_watched` holds one "detector: reason" for each that could not look.
CREATE TABLE IF NOT EXISTS tidegate.coverage
(
    topic LowCardinality(String),
    partition Int32,
    bucket UInt64 CODEC(Delta(8), ZSTD(1)),
    model LowCardinality(String),
    version LowCardinality(String),
    hour DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    records UInt64,
    scored UInt64,
    rejected UInt64,
    unpaired UInt64,
    shed UInt64,
    not_watched Array(LowCardinality(String)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(records)
PARTITION BY toYYYYMM(hour)
ORDER BY (topic, partition, bucket, model, version, hour)
TTL toDateTime(ingest_time) + INTERVAL 400 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000;

-- What each ended epoch promised and paid of the false-alert budget, and what changed in learning.
CREATE TABLE IF NOT EXISTS tidegate.ledger
(
    kind LowCardinality(String),
    topic LowCardinality(String),
    partition Int32,
    model LowCardinality(String),
    version LowCardinality(String),
    detector LowCardinality(String),
    epoch UInt32,
    start DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    seconds Float64,
    calibration String CODEC(ZSTD(1)),
    promised Float64,
    paid Float64,
    units UInt64,
    alerts UInt64,
    note String CODEC(ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(units)
ORDER BY (kind, model, version, detector, epoch, topic, partition)
SETTINGS non_replicated_deduplication_window = 10000;

-- What workers share to judge alike: samples and peaks of each partition, references and calibrations made of them.
CREATE TABLE IF NOT EXISTS tidegate.calibrations
(
    model LowCardinality(String),
    version LowCardinality(String),
    epoch UInt32,
    kind LowCardinality(String),
    topic LowCardinality(String),
    partition Int32,
    id String CODEC(ZSTD(1)),
    created DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    blob String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (model, version, kind, epoch, topic, partition, id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Statistics of blocks of traffic, which the correlator tests for drift.
CREATE TABLE IF NOT EXISTS tidegate.signals
(
    time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
    topic LowCardinality(String),
    partition Int32,
    offset Int64 CODEC(Delta(8), ZSTD(1)),
    model LowCardinality(String),
    version LowCardinality(String),
    number UInt64,
    first DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    last DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    records UInt64,
    voices UInt64,
    newcomers UInt64,
    names Array(LowCardinality(String)) CODEC(ZSTD(1)),
    moved Array(Float64) CODEC(ZSTD(1)),
    spread Array(Float64) CODEC(ZSTD(1)),
    usual Array(Float64) CODEC(ZSTD(1)),
    level Array(Float64) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (model, version, topic, partition, number)
TTL toDateTime(ingest_time) + INTERVAL 90 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000;

-- Who changed what: each row holds the hash of the one before.
CREATE TABLE IF NOT EXISTS tidegate.audit
(
    number UInt64 CODEC(Delta(8), ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    actor String CODEC(ZSTD(1)),
    action LowCardinality(String),
    object String CODEC(ZSTD(1)),
    detail String CODEC(ZSTD(3)),
    previous String CODEC(ZSTD(1)),
    hash String CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY number
SETTINGS non_replicated_deduplication_window = 10000;
