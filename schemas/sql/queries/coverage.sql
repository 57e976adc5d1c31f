-- For each hour and model what became of the records; an empty model matches all.
SELECT hour, model, version, records, scored, rejected, unpaired, shed, not_watched
FROM tidegate.v_coverage
WHERE hour >= {since:DateTime} AND hour < {until:DateTime} AND ({model:String} = '' OR model = {model:String})
ORDER BY hour, model, version
