-- What was not watched: for each model and reason, how many records in how many hours.
SELECT model, version, reason, sum(missed) AS records, count() AS hours, min(hour) AS first_hour, max(hour) AS last_hour
FROM
(
    SELECT hour, model, version, reason, sum(part) AS missed
    FROM
    (
        SELECT hour, toString(model) AS model, toString(version) AS version, arrayJoin(not_watched) AS reason, records AS part
        FROM tidegate.coverage FINAL
        UNION ALL
        SELECT hour, toString(model) AS model, toString(version) AS version, 'rejected: no record could be read' AS reason, rejected AS part
        FROM tidegate.coverage FINAL
        UNION ALL
        SELECT hour, toString(model) AS model, toString(version) AS version, 'unpaired: only one half arrived' AS reason, unpaired AS part
        FROM tidegate.coverage FINAL
        UNION ALL
        SELECT hour, toString(model) AS model, toString(version) AS version, 'shed: the worker could not keep up' AS reason, shed AS part
        FROM tidegate.coverage FINAL
    )
    WHERE part > 0 AND hour >= {since:DateTime} AND hour < {until:DateTime} AND ({model:String} = '' OR model = {model:String})
    GROUP BY hour, model, version, reason
)
GROUP BY model, version, reason
ORDER BY records DESC, model, version, reason
