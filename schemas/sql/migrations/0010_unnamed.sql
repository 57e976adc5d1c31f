-- How many records do not say who asked, and so count as one caller.
ALTER TABLE tidegate.coverage ADD COLUMN IF NOT EXISTS unnamed UInt64 DEFAULT 0 AFTER shed;

-- For each hour and model: records, what became of them, how many name nobody, and which detectors could not look.
DROP TABLE IF EXISTS tidegate.v_coverage;

CREATE VIEW IF NOT EXISTS tidegate.v_coverage AS
SELECT
    hour, model, version,
    sum(seen) AS records, sum(judged) AS scored, sum(refused) AS rejected, sum(half) AS unpaired, sum(dropped) AS shed,
    sum(nameless) AS unnamed, arraySort(groupUniqArrayArray(reasons)) AS not_watched
FROM
(
    SELECT
        hour, toString(model) AS model, toString(version) AS version, records AS seen, scored AS judged,
        rejected AS refused, unpaired AS half, shed AS dropped, unnamed AS nameless, not_watched AS reasons
    FROM tidegate.coverage FINAL
)
GROUP BY hour, model, version;
