-- What was not watched: for each partition, model and reason how many records in how many hours, and whether it holds now.
SELECT
    model, version, topic, partition, reason, records, hours, first_hour, last_hour,
    if(last_place = newest AND NOT (judged > 0 AND startsWith(reason, 'burn-in')), 'yes', 'no') AS now
FROM
(
    SELECT
        model, version, topic, partition, argMax(said, place) AS reason, argMax(scored, place) AS judged,
        max(place) AS last_place, sum(part) AS records, uniqExact(hour) AS hours, min(hour) AS first_hour, max(hour) AS last_hour
    FROM
    (
        SELECT
            toString(model) AS model, toString(version) AS version, toString(topic) AS topic, partition, hour,
            (bucket, hour) AS place, scored, replaceOne(arrayJoin(not_watched), '*: ', '') AS said, records AS part
        FROM tidegate.coverage FINAL
        UNION ALL
        SELECT
            toString(model) AS model, toString(version) AS version, toString(topic) AS topic, partition, hour,
            (bucket, hour) AS place, scored, 'rejected: no record could be read' AS said, rejected AS part
        FROM tidegate.coverage FINAL
        UNION ALL
        SELECT
            toString(model) AS model, toString(version) AS version, toString(topic) AS topic, partition, hour,
            (bucket, hour) AS place, scored, 'unpaired: only one half arrived' AS said, unpaired AS part
        FROM tidegate.coverage FINAL
        UNION ALL
        SELECT
            toString(model) AS model, toString(version) AS version, toString(topic) AS topic, partition, hour,
            (bucket, hour) AS place, scored, 'shed: the worker could not keep up' AS said, shed AS part
        FROM tidegate.coverage FINAL
        UNION ALL
        SELECT
            toString(model) AS model, toString(version) AS version, toString(topic) AS topic, partition, hour,
            (bucket, hour) AS place, scored, 'unnamed: nobody is named, all such records count as one caller' AS said,
            unnamed AS part
        FROM tidegate.coverage FINAL
    )
    WHERE part > 0 AND hour >= {since:DateTime} AND hour < {until:DateTime} AND ({model:String} = '' OR model = {model:String})
    GROUP BY model, version, topic, partition, replaceRegexpOne(said, ' until .*', '')
) AS missed
LEFT JOIN
(
    SELECT
        toString(model) AS model, toString(version) AS version, toString(topic) AS topic, partition,
        max((bucket, hour)) AS newest
    FROM tidegate.coverage
    GROUP BY model, version, topic, partition
) AS seen USING (model, version, topic, partition)
ORDER BY now DESC, records DESC, model, version, topic, partition, reason
