-- Alerts, oldest first; an empty filter matches all.
SELECT
    id, time, first_time, last_time, verdict, threat, severity, detector, tenant, model, version, principal, principals,
    count, title, score, threshold, unit, confidence, recommendation, runbook, incident, status, drill, body
FROM tidegate.alerts FINAL
WHERE time >= {since:DateTime} AND time < {until:DateTime}
    AND ({model:String} = '' OR model = {model:String})
    AND ({principal:String} = '' OR principal = {principal:String} OR has(principals, {principal:String}))
    AND ({threat:String} = '' OR threat = {threat:String})
    AND ({verdict:String} = '' OR verdict = {verdict:String})
    AND ({severity:String} = '' OR severity = {severity:String})
    AND ({status:String} = '' OR status = {status:String})
ORDER BY time, id
LIMIT {limit:UInt64}
