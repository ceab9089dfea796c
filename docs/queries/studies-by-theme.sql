-- How many studies are there on each theme, by kind? (A study can have several themes: do not add the rows up.)
SELECT label AS theme, studies AS primary_studies, reviews, ongoing, all_kinds
FROM marts.theme
ORDER BY all_kinds DESC, position;
