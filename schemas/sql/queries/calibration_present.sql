-- Which partitions of a topic have stored something of one kind for an epoch of a model version.
SELECT DISTINCT partition
FROM tidegate.calibrations
WHERE model = {model:String} AND version = {version:String} AND epoch = {epoch:UInt64} AND kind = {kind:String}
    AND topic = {topic:String}
ORDER BY partition
