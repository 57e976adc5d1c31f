-- Who could make how good a copy of a model, the best first; an empty model or principal matches all.
SELECT model, version, principal, agreement, guess, inputs, answers, first_time, time
FROM tidegate.v_exposure
WHERE time >= {since:DateTime} AND time < {until:DateTime}
    AND ({model:String} = '' OR model = {model:String})
    AND ({principal:String} = '' OR principal = {principal:String})
ORDER BY agreement DESC, inputs DESC, model, version, principal
LIMIT {limit:UInt64}
