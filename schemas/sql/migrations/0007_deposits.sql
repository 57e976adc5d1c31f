-- What workers lay down for each other to settle by holds inputs and principals of the burn-in. It is needed until the
-- settlement is stored, which stays; after a week it goes.
ALTER TABLE tidegate.calibrations MODIFY TTL toDateTime(created) + INTERVAL 7 DAY DELETE WHERE kind NOT LIKE 'settlement%';
