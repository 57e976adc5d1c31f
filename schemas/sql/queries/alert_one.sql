-- The alerts whose id begins so: one, unless the beginning is too short.
SELECT *
FROM tidegate.alerts FINAL
WHERE startsWith(id, {id:String})
ORDER BY id
LIMIT 2
