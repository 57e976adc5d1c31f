-- What readers should read: one row a thing, whatever was delivered twice or revised since.

-- Alerts that nobody has judged yet, without drills.
CREATE VIEW IF NOT EXISTS tidegate.v_open_alerts AS
SELECT
    id, time, first_time, last_time, verdict, threat, severity, detector, tenant, model, version, principal, principals,
    count, title, message, score, threshold, unit, confidence, recommendation, runbook, incident, status
FROM tidegate.alerts FINAL
WHERE status IN ('new', 'in_progress') AND drill = 0;

-- What happened to each alert, in order of `time`: it began, was raised, went on, was judged.
CREATE VIEW IF NOT EXISTS tidegate.v_alert_timeline AS
SELECT alert, at AS time, event, who, detail
FROM
(
    SELECT id AS alert, toDateTime(first_time, 'UTC') AS at, 'began' AS event, principal AS who, title AS detail
    FROM tidegate.alerts FINAL
    UNION ALL
    SELECT id AS alert, toDateTime(time, 'UTC') AS at, 'raised' AS event, detector AS who, message AS detail
    FROM tidegate.alerts FINAL
    UNION ALL
    SELECT id AS alert, toDateTime(last_time, 'UTC') AS at, 'last seen' AS event, principal AS who, concat(toString(count), ' records') AS detail
    FROM tidegate.alerts FINAL
    UNION ALL
    SELECT alert, toDateTime(time, 'UTC') AS at, concat('judged ', verdict) AS event, analyst AS who, note AS detail
    FROM tidegate.triage
);

-- For each day, model and detector: false alerts promised at most, paid for, alerts raised, and those judged false since.
CREATE VIEW IF NOT EXISTS tidegate.v_budget_audit AS
SELECT
    day, model, version, detector,
    sum(promise) AS promised, sum(payment) AS paid, sum(judged) AS units, sum(raised) AS alerts, sum(wrong) AS false_alerts
FROM
(
    SELECT
        toDate(start) AS day, toString(model) AS model, toString(version) AS version, toString(detector) AS detector,
        promised AS promise, paid AS payment, units AS judged, toUInt64(0) AS raised, toUInt64(0) AS wrong
    FROM tidegate.ledger FINAL
    WHERE kind = 'budget'
    UNION ALL
    SELECT
        toDate(time) AS day, toString(model) AS model, toString(version) AS version, toString(detector) AS detector,
        toFloat64(0) AS promise, toFloat64(0) AS payment, toUInt64(0) AS judged, toUInt64(1) AS raised,
        toUInt64(status = 'false-positive') AS wrong
    FROM tidegate.alerts FINAL
    WHERE verdict = 'attack' AND drill = 0
)
GROUP BY day, model, version, detector;

-- For each hour and model: records, what became of them, and which detectors could not look.
CREATE VIEW IF NOT EXISTS tidegate.v_coverage AS
SELECT
    hour, model, version,
    sum(seen) AS records, sum(judged) AS scored, sum(refused) AS rejected, sum(half) AS unpaired, sum(dropped) AS shed,
    arraySort(groupUniqArrayArray(reasons)) AS not_watched
FROM
(
    SELECT
        hour, toString(model) AS model, toString(version) AS version, records AS seen, scored AS judged,
        rejected AS refused, unpaired AS half, shed AS dropped, not_watched AS reasons
    FROM tidegate.coverage FINAL
)
GROUP BY hour, model, version;

-- Alerts of one incident together; an alert without one is its own.
CREATE VIEW IF NOT EXISTS tidegate.v_campaign AS
SELECT
    campaign, count() AS alerts, min(began) AS first_time, max(ended) AS last_time, sum(asked) AS records,
    arraySort(groupUniqArrayArray(who)) AS principals, arraySort(groupUniqArray(kind)) AS threats,
    arraySort(groupUniqArray(by)) AS detectors, arraySort(groupUniqArray(target)) AS models
FROM
(
    SELECT
        if(incident = '', id, incident) AS campaign, first_time AS began, last_time AS ended, count AS asked,
        principals AS who, toString(threat) AS kind, toString(detector) AS by, toString(model) AS target
    FROM tidegate.alerts FINAL
    WHERE drill = 0
)
GROUP BY campaign;
