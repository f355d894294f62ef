SELECT YEAR(`Date`) AS `year`, MAX(`High`) AS `highest`, MIN(`Low`) AS `lowest`
FROM `marcap`
WHERE `Code` = '005930' AND `Low` > 0
GROUP BY YEAR(`Date`)
ORDER BY YEAR(`Date`)
