-- What was stored of one kind for an epoch of a model version, one row a partition, the content in hexadecimal.
SELECT topic, partition, id, created, hex(blob) AS content
FROM tidegate.calibrations FINAL
WHERE model = {model:String} AND version = {version:String} AND epoch = {epoch:UInt64} AND kind = {kind:String}
ORDER BY topic, partition, id
