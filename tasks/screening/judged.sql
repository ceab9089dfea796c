-- The papers that people screen by title and abstract, in the order in which they came in: their words, what was decided, whether
-- they were sent by rank, and their place among those that were sent at all. What a tool took out alone, or was withdrawn, is no
-- judgement of people.
WITH citation AS (SELECT citation_id, title, abstract, keywords, first_seen FROM staging.citation),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
screening AS (SELECT citation_id, round, state, decision, basis FROM staging.screening WHERE stage = 'title_abstract'),
worklist AS (
    SELECT
        round, record_ids, as_of,
        CASE task WHEN 'title_abstract' THEN "rank" END AS "rank"  -- old logs have the order of conflicts, too
    FROM log.worklist
    WHERE task IN ('title_abstract', 'title_abstract_conflict')
),

-- when it was sent by rank first or, if it never was, when it was sent first
sent AS (
    SELECT
        citation_record.citation_id, shown.round,
        min({'without': shown."rank" IS NULL, 'as_of': shown.as_of, 'rank': shown."rank"}) AS first_sent
    FROM (SELECT round, as_of, "rank", unnest(record_ids) AS record_id FROM worklist) AS shown
        JOIN citation_record USING (record_id)  -- many to one
    GROUP BY citation_record.citation_id, shown.round
),
final AS (
    SELECT
        citation_id, concat_ws(' ', citation.title, citation.abstract, array_to_string(citation.keywords, ' ')) AS words,
        CASE WHEN screening.state = 'decided' THEN screening.decision = 'include' END AS included,
        sent.first_sent."rank" IS NOT NULL AS by_rank,
        CASE WHEN sent.first_sent IS NOT NULL
            THEN row_number() OVER (
                ORDER BY sent.first_sent.as_of NULLS LAST, sent.first_sent."rank" NULLS LAST, citation_id
            )
        END AS sent,
        citation.first_seen
    FROM screening
        JOIN citation USING (citation_id)  -- one to one
        LEFT JOIN sent USING (citation_id, round)  -- one to one
    WHERE screening.state IN ('awaiting_votes', 'conflict')
        OR screening.basis IN ('votes', 'votes_and_tool', 'resolution', 'outcome')
)
SELECT * EXCLUDE (first_seen) FROM final ORDER BY first_seen, citation_id
