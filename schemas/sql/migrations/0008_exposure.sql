-- How well what a principal was answered so far would train a copy of a model, at least: a row each time that it rises.
CREATE TABLE IF NOT EXISTS tidegate.exposure
(
    model LowCardinality(String),
    version LowCardinality(String),
    principal String CODEC(ZSTD(1)),
    reference LowCardinality(String),
    level UInt16,
    topic LowCardinality(String),
    partition Int32,
    time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    first_time DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    answers UInt64,
    inputs UInt64,
    agreement Float64,
    guess Float64,
    ingest_time DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (model, version, principal, reference, level, topic, partition)
TTL toDateTime(ingest_time) + INTERVAL 400 DAY DELETE
SETTINGS non_replicated_deduplication_window = 10000;

-- For each principal and model the most that it has reached.
CREATE VIEW IF NOT EXISTS tidegate.v_exposure AS
SELECT
    model, version, principal,
    max(reached) AS agreement, argMax(by_guess, reached) AS guess, argMax(distinct_inputs, reached) AS inputs,
    argMax(asked, reached) AS answers, min(began) AS first_time, argMax(at, reached) AS time
FROM
(
    SELECT
        toString(model) AS model, toString(version) AS version, principal, agreement AS reached, guess AS by_guess,
        inputs AS distinct_inputs, answers AS asked, first_time AS began, time AS at
    FROM tidegate.exposure FINAL
)
GROUP BY model, version, principal;
