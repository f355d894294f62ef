SELECT `Rank`, `Code`, `Name`, `Market`, `Close`, `ChagesRatio`, `Marcap`
FROM `marcap`
WHERE `Date` = CAST('2022-01-03' AS DATE) AND `Rank` <= 20
ORDER BY `Rank`
