-- What happened to an alert, in order.
SELECT time, event, who, detail
FROM tidegate.v_alert_timeline
WHERE alert = {id:String}
ORDER BY time, event
