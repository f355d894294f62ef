SELECT HISTOGRAM("trade_time", INTERVAL 5 SECONDS) AS "window", "symbol", AVG("price") AS "average"
FROM "trade"
WHERE "trade_time" >= CAST('2022-01-03T00:00:00Z' AS TIMESTAMP) AND "trade_time" < CAST('2022-01-03T00:10:00Z' AS TIMESTAMP)
GROUP BY "window", "symbol"
ORDER BY "window", "symbol"
