-- Who else sent the input of this record: each principal with how often, when, and what came back.
SELECT
    model, principal, count() AS records, min(time) AS first_time, max(time) AS last_time,
    arraySort(groupUniqArray(label)) AS labels, arraySort(groupUniqArray(client_ip)) AS addresses
FROM
(
    SELECT toString(model) AS model, principal, time, label, client_ip, topic, partition, offset
    FROM tidegate.records
    WHERE input_hash IN (SELECT input_hash FROM tidegate.records WHERE id = {id:String} AND input_hash != 0)
        AND model IN (SELECT model FROM tidegate.records WHERE id = {id:String})
        AND time >= {since:DateTime} AND time < {until:DateTime}
    LIMIT 1 BY topic, partition, offset
)
GROUP BY model, principal
ORDER BY records DESC, principal
LIMIT {limit:UInt64}
