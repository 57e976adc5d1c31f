-- Budget promised and spent, by day, model and detector; an empty model matches all.
SELECT day, model, version, detector, promised, paid, units, alerts, false_alerts
FROM tidegate.v_budget_audit
WHERE day >= toDate({since:DateTime}) AND day <= toDate({until:DateTime}) AND ({model:String} = '' OR model = {model:String})
ORDER BY day, model, version, detector
