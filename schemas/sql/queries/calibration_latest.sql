-- The newest of one kind for a model version, the content in hexadecimal.
SELECT epoch, topic, partition, id, created, hex(blob) AS content
FROM tidegate.calibrations FINAL
WHERE model = {model:String} AND version = {version:String} AND kind = {kind:String}
ORDER BY epoch DESC, created DESC, id
LIMIT 1
