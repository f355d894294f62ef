SELECT "Code", MAX("Date") AS "day", LAST("Close", "Date") AS "close", LAST("Marcap", "Date") AS "market_value"
FROM "marcap"
GROUP BY "Code"
ORDER BY "Code"
