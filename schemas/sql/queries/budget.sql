-- Budget promised and spent, by day, model and detector; an empty model matches all. Of a day that is still running (state),
-- what is promised for the time that has passed, and paid so far. What the day's last thresholds say of themselves (true_rate):
-- how many false alerts of all partitions they promise, from how much that was learnt, and how many they may really cause.
SELECT
    day, model, version, detector, sum(promise) AS promised, sum(payment) AS paid, sum(judged) AS units, sum(raised) AS alerts,
    sum(wrong) AS false_alerts, if(max(unfinished) = 1, 'running', 'ended') AS state,
    argMax(said, since) AS true_rate
FROM
(
    SELECT
        day, model, version, detector, promised AS promise, paid AS payment, units AS judged, alerts AS raised,
        false_alerts AS wrong, toUInt8(0) AS unfinished, '' AS said, toUInt32(0) AS since
    FROM tidegate.v_budget_audit
    UNION ALL
    SELECT
        toDate(start) AS day, toString(model) AS model, toString(version) AS version, toString(detector) AS detector,
        promised AS promise, paid AS payment, units AS judged, toUInt64(0) AS raised, toUInt64(0) AS wrong, toUInt8(1) AS unfinished,
        '' AS said, toUInt32(0) AS since
    FROM tidegate.ledger FINAL
    WHERE kind = 'running' AND (topic, partition, model, version, detector, epoch) NOT IN
        (SELECT topic, partition, model, version, detector, epoch FROM tidegate.ledger WHERE kind = 'budget')
    UNION ALL
    SELECT
        toDate(start) AS day, toString(model) AS model, toString(version) AS version, toString(detector) AS detector,
        0. AS promise, 0. AS payment, toUInt64(0) AS judged, toUInt64(0) AS raised, toUInt64(0) AS wrong, toUInt8(0) AS unfinished,
        note AS said, toUInt32(epoch + 1) AS since
    FROM tidegate.ledger FINAL
    WHERE kind IN ('budget', 'running')
)
WHERE day >= toDate({since:DateTime}) AND day <= toDate({until:DateTime}) AND ({model:String} = '' OR model = {model:String})
GROUP BY day, model, version, detector
ORDER BY day, model, version, detector
