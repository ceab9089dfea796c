-- Where the papers of today stood at the baseline, under each name that they had then: a paper takes the name of another when they merge.
SELECT DISTINCT coalesce(renamed.citation_id, earlier.citation_id) AS citation_id, earlier.position
FROM before.citation AS earlier
LEFT JOIN staging.citation_alias AS renamed ON renamed.alias = earlier.citation_id  -- n:1
