-- All requests of an alert: what its principals asked its model between its first and its last record.
SELECT time, principal, id, label, confidence, margin, latency_ms, tokens_in, tokens_out, status, client_ip, topic, partition, offset
FROM tidegate.records
WHERE principal IN (SELECT arrayJoin(principals) FROM tidegate.alerts FINAL WHERE id = {id:String})
    AND (tenant, model, version) IN (SELECT tenant, model, version FROM tidegate.alerts FINAL WHERE id = {id:String})
    AND time >= (SELECT toDateTime(min(first_time), 'UTC') FROM tidegate.alerts FINAL WHERE id = {id:String})
    AND time < (SELECT toDateTime(max(last_time), 'UTC') + 1 FROM tidegate.alerts FINAL WHERE id = {id:String})
ORDER BY time, topic, partition, offset
LIMIT 1 BY topic, partition, offset
LIMIT {limit:UInt64}
