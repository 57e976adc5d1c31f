-- What is kept of the records that an alert shows: those of a model and some principals with these ids, cut at 40 bytes.
SELECT substring(id, 1, 40) AS id, principal, payload
FROM tidegate.records
WHERE model = {model:String} AND principal IN {principals:Array(String)} AND substring(id, 1, 40) IN {ids:Array(String)}
    AND time >= {since:DateTime} AND time < {until:DateTime} AND payload != ''
ORDER BY time, topic, partition, offset
LIMIT 1 BY topic, partition, offset
LIMIT {limit:UInt64}
