-- Everything one principal did, in order, and what was thought of it.
SELECT at AS time, what, model, version, id, detail, client_ip, user_agent, session, latency_ms, tokens_in, tokens_out, status
FROM
(
    SELECT
        toFloat64(time) AS at, 'record' AS what, toString(model) AS model, toString(version) AS version, id,
        label AS detail, client_ip, user_agent, session, latency_ms, tokens_in, tokens_out, status
    FROM tidegate.records
    WHERE principal = {principal:String} AND time >= {since:DateTime} AND time < {until:DateTime}
    ORDER BY time, topic, partition, offset
    LIMIT 1 BY topic, partition, offset
    LIMIT {limit:UInt64}
    UNION ALL
    SELECT
        toFloat64(time) AS at, 'alert' AS what, toString(model) AS model, toString(version) AS version, id,
        title AS detail, '' AS client_ip, '' AS user_agent, '' AS session, toFloat32(nan) AS latency_ms,
        toInt32(-1) AS tokens_in, toInt32(-1) AS tokens_out, toInt32(-1) AS status
    FROM tidegate.alerts FINAL
    WHERE has(principals, {principal:String}) AND time >= {since:DateTime} AND time < {until:DateTime}
)
ORDER BY at, what DESC, id
