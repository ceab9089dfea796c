-- What people and imported lists said, brought to the citations of today: a judgement belongs to every citation that contains a
-- record that was shown for it, so it follows merges and splits.
--
-- A later judgement of the same person in the same round takes the place of an earlier one if it was of records in common, or
-- says the same. Left standing side by side are only contradictory ones on papers that were merged since.
CREATE OR REPLACE TEMP TABLE judgement AS
WITH vote AS (
    SELECT
        'vote' AS kind, raw, citation_id AS said_of, record_ids, stage, round, reviewer AS who,
        decision, reason, decided_on, as_of
    FROM log.vote
),
tool_vote AS (
    SELECT
        'tool_vote' AS kind, raw, citation_id AS said_of, record_ids, stage, round, tool AS who,
        decision, NULL AS reason, decided_on, as_of
    FROM log.tool_vote
),
resolution AS (
    SELECT
        'resolution' AS kind, raw, citation_id AS said_of, record_ids, stage, round, '' AS who,
        decision, reason, decided_on, as_of
    FROM log.resolution
),
outcome AS (
    SELECT
        'outcome' AS kind, raw, citation_id AS said_of, record_ids, stage, 0 AS round, '' AS who,
        decision, reason, decided_on, as_of
    FROM log.outcome
),
retrieval AS (
    SELECT
        'retrieval' AS kind, raw, citation_id AS said_of, record_ids, 'retrieval' AS stage, 0 AS round, '' AS who,
        status AS decision, NULL AS reason, decided_on, as_of
    FROM log.retrieval
),
removal AS (
    SELECT
        'removal' AS kind, raw, citation_id AS said_of, record_ids, 'removal' AS stage, 0 AS round, '' AS who,
        decision, NULL AS reason, decided_on, as_of
    FROM log.removal
),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
legal AS (SELECT stage, decision, counts_as FROM staging.decision),

said AS (
    SELECT * FROM vote
    UNION ALL SELECT * FROM tool_vote
    UNION ALL SELECT * FROM resolution
    UNION ALL SELECT * FROM outcome
    UNION ALL SELECT * FROM retrieval
    UNION ALL SELECT * FROM removal
),
-- a file that was read twice says nothing twice
once AS (
    SELECT * FROM said
    QUALIFY row_number() OVER (PARTITION BY kind, raw, said_of, who, stage, round ORDER BY as_of DESC) = 1
),
meant AS (
    SELECT
        once.*,
        coalesce(legal.counts_as, CASE WHEN once.kind IN ('retrieval', 'removal') THEN once.decision END) AS counts_as,
        CASE
            WHEN once.stage = 'full_text' AND legal.counts_as = 'exclude' THEN 'exclude: ' || coalesce(once.reason, '')
            ELSE legal.counts_as
        END AS meaning
    FROM once LEFT JOIN legal USING (stage, decision)  -- many to one
),
shown AS (SELECT kind, raw, said_of, who, stage, round, unnest(record_ids) AS record_id FROM meant),
found AS (
    SELECT DISTINCT shown.* EXCLUDE (record_id), citation_record.citation_id
    FROM shown JOIN citation_record USING (record_id)  -- many to one
),
placed AS (
    SELECT
        meant.*,
        found.citation_id,
        row_number() OVER told AS place,
        count(*) OVER (PARTITION BY kind, found.citation_id, stage, round, who) AS n
    FROM meant JOIN found USING (kind, raw, said_of, who, stage, round)  -- one to as many citations as its records are in today
    WINDOW told AS (
        PARTITION BY kind, found.citation_id, stage, round, who
        ORDER BY coalesce(decided_on, CAST(as_of AS DATE)), as_of, raw, said_of
    )
),
several AS (SELECT * FROM placed WHERE n > 1),
replaced AS (
    SELECT DISTINCT kind, citation_id, stage, round, who, earlier.place
    FROM several AS earlier JOIN several AS later USING (kind, citation_id, stage, round, who)
    WHERE later.place > earlier.place
        AND (later.meaning = earlier.meaning OR list_has_any(later.record_ids, earlier.record_ids))
),
final AS (
    SELECT placed.* EXCLUDE (n, record_ids), replaced.place IS NOT NULL AS superseded
    FROM placed LEFT JOIN replaced USING (kind, citation_id, stage, round, who, place)  -- one to one
)
SELECT * FROM final
