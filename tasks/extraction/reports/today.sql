-- The present citation of everything that was logged: one that holds at least one of the records that were shown. After a split
-- that is the part that kept the id (what was read under it was read as that paper), else the part with most of the records.
WITH shown AS (
    SELECT DISTINCT citation_id AS shown_as, record_ids
    FROM (
        SELECT citation_id, record_ids FROM log.draw
        UNION ALL
        SELECT citation_id, record_ids FROM log.coding
        UNION ALL
        SELECT citation_id, record_ids FROM log.verification
        UNION ALL
        SELECT citation_a, record_ids_a FROM log.study_link
        UNION ALL
        SELECT citation_b, record_ids_b FROM log.study_link
        UNION ALL
        SELECT citation_id, record_ids FROM log.worklist WHERE task IN ('coding', 'reconciliation', 'verification', 'appraisal', 'appraisal_reconciliation')
    )
),
named AS (
    SELECT shown_as, record_ids, unnest(record_ids) AS record_id FROM shown
),
met AS (
    SELECT named.shown_as, named.record_ids, citation_record.citation_id, count(*) AS shared
    FROM named
    JOIN staging.citation_record AS citation_record USING (record_id)
    GROUP BY ALL
),
final AS (
    SELECT shown_as, record_ids, citation_id
    FROM met
    QUALIFY row_number() OVER (
        PARTITION BY shown_as, record_ids ORDER BY citation_id = shown_as DESC, shared DESC, citation_id
    ) = 1
)
SELECT * FROM final
