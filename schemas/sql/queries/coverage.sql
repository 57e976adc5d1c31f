-- For each hour and model what became of the records, and the best copy that any principal could have made by its end;
-- an empty model matches all.
SELECT
    hour, model, version, records, scored, rejected, unpaired, shed, unnamed, not_watched,
    arrayReduce('max', arrayMap((at, reached) -> if(at <= hour, reached, 0.), times, agreements)) AS exposure
FROM
(
    SELECT hour, model, version, records, scored, rejected, unpaired, shed, unnamed, not_watched
    FROM tidegate.v_coverage
    WHERE hour >= {since:DateTime} AND hour < {until:DateTime} AND ({model:String} = '' OR model = {model:String})
) AS counted
LEFT JOIN
(
    SELECT model, version, groupArray(at) AS times, groupArray(reached) AS agreements
    FROM
    (
        SELECT toString(model) AS model, toString(version) AS version, toStartOfHour(toDateTime(time, 'UTC')) AS at, max(agreement) AS reached
        FROM tidegate.exposure
        GROUP BY model, version, at
    )
    GROUP BY model, version
) AS exposed USING (model, version)
ORDER BY hour, model, version
