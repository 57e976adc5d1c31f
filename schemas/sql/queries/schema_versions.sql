-- The migrations that have been applied.
SELECT number, name, checksum, applied
FROM tidegate.schema_version FINAL
ORDER BY number
