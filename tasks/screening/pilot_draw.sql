-- Papers that are added to the pilot of a stage, as many as it lacks: by a hash, of those that nobody was asked about or has decided.
WITH rule AS (SELECT * FROM staging.rule),
screening AS (SELECT * FROM staging.screening),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
pilot AS (SELECT stage, citation_id, unnest(record_ids) AS record_id FROM log.pilot),
touched AS (
    SELECT task AS stage, unnest(record_ids) AS record_id FROM log.worklist
    UNION ALL SELECT stage, record_id FROM pilot
),
known AS (SELECT DISTINCT stage, citation_id FROM touched JOIN citation_record USING (record_id)),  -- many to one
has AS (SELECT stage, count(DISTINCT citation_id) AS n FROM pilot GROUP BY stage),
free AS (
    SELECT review, stage, citation_id, rule.pilot - coalesce(has.n, 0) AS missing
    FROM screening JOIN rule USING (stage) LEFT JOIN has USING (stage)  -- many to one
        ANTI JOIN known USING (stage, citation_id)
    WHERE rule.pilot > coalesce(has.n, 0) AND state = 'awaiting_votes' AND votes = 0 AND round = 1
    QUALIFY row_number() OVER (PARTITION BY stage ORDER BY md5('pilot ' || citation_id), citation_id) <= missing
),
final AS (
    SELECT review, free.stage, citation_id, list(record_id ORDER BY record_id) AS record_ids
    FROM free JOIN citation_record USING (citation_id)  -- one to many
    GROUP BY review, free.stage, citation_id
)
SELECT * FROM final ORDER BY stage, citation_id
