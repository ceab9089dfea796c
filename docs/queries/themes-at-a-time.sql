-- How many studies were there on each theme at the end of 2018, as the map stood at that time? (Change the day.)
SELECT label AS theme, studies AS primary_studies, reviews, ongoing, as_of
FROM marts.release_history
WHERE theme <> '' AND number = (SELECT max(number) FROM marts.release_history WHERE as_of < DATE '2019-01-01')
ORDER BY theme;
