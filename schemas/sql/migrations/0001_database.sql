-- Where tidegate keeps what it found, and which of these files have been applied.
CREATE DATABASE IF NOT EXISTS tidegate;

CREATE TABLE IF NOT EXISTS tidegate.schema_version
(
    number UInt32,
    name String,
    checksum String,
    applied DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY number;
