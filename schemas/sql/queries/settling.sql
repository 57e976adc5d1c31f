-- Which partitions have ended a burn-in or a day, and wait for the others of their topic before they go on.
SELECT
    toString(model) AS model, toString(version) AS version, toString(topic) AS topic, partition,
    concat('settling since ', formatDateTime(max(created), '%F %R'), ' UTC: waits until the other partitions have ended ', if(kind = 'peaks', 'their day', 'their burn-in'), ' too') AS reason,
    'yes' AS now
FROM tidegate.calibrations
WHERE (kind = 'peaks' OR startsWith(kind, 'sample')) AND ({model:String} = '' OR model = {model:String})
    AND (topic, model, version, epoch, splitByChar('.', toString(kind))[2]) NOT IN
    (
        SELECT topic, model, version, epoch, splitByChar('.', toString(kind))[2]
        FROM tidegate.calibrations
        WHERE startsWith(kind, 'settlement')
    )
GROUP BY model, version, topic, partition, epoch, kind
ORDER BY model, version, topic, partition, epoch
