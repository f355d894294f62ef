SELECT "Date", MAX(CASE WHEN "Code" = '005930' THEN "ChagesRatio" END) AS "first",
       MAX(CASE WHEN "Code" = '000660' THEN "ChagesRatio" END) AS "second"
FROM "marcap"
WHERE "Code" IN ('005930', '000660') AND "Date" BETWEEN CAST('2022-01-01' AS DATE) AND CAST('2022-12-31' AS DATE)
GROUP BY "Date"
ORDER BY "Date"
