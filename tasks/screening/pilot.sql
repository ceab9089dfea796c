-- Pilot rounds that are open: each of their papers with each reviewer, whether that one was asked, and whether that one has voted.
-- A pilot is over when all who were asked have voted on each of its papers, and at least as many as the stage asks for. Who is away
-- is not waited for, and who joins later, or comes back, is not asked about a pilot that is over: another paper of the stage has gone
-- out since it was drawn.
CREATE OR REPLACE TEMP TABLE pilot AS
WITH person AS (SELECT * FROM staging.person),
rule AS (SELECT * FROM staging.rule),
screening AS (SELECT * FROM staging.screening),
vote AS (SELECT DISTINCT citation_id, stage, reviewer FROM staging.vote WHERE round = 1),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
drawn AS (
    SELECT DISTINCT stage, citation_id
    FROM (SELECT stage, unnest(record_ids) AS record_id FROM log.pilot) JOIN citation_record USING (record_id)  -- many to one
),
issued AS (
    SELECT DISTINCT task AS stage, citation_id, reviewer
    FROM (SELECT task, reviewer, unnest(record_ids) AS record_id FROM log.worklist WHERE round = 1)
    JOIN citation_record USING (record_id)  -- many to one
    SEMI JOIN drawn USING (citation_id)
),
over AS (
    SELECT DISTINCT sent.stage
    FROM (SELECT task AS stage, as_of, unnest(record_ids) AS record_id FROM log.worklist WHERE round = 1) AS sent
        JOIN citation_record USING (record_id)  -- many to one
        JOIN (SELECT stage, max(as_of) AS as_of FROM log.pilot GROUP BY stage) AS last USING (stage)  -- many to one
        ANTI JOIN drawn ON drawn.stage = sent.stage AND drawn.citation_id = citation_record.citation_id
    WHERE sent.as_of >= last.as_of
),
-- what was taken out, decided elsewhere, or is screened again by other rules is no part of it any more
paper AS (
    SELECT stage, citation_id, screening.votes, rule.needed
    FROM drawn JOIN screening USING (stage, citation_id) JOIN rule USING (stage)  -- one to one, many to one
    WHERE rule.pilot > 0 AND screening.round = 1 AND screening.state <> 'removed' AND coalesce(screening.basis, '') NOT IN ('outcome', 'withdrawal')
),
seat AS (
    SELECT
        paper.*, person.reviewer, issued.reviewer IS NOT NULL AS asked, vote.reviewer IS NOT NULL AS voted,
        count(*) OVER (PARTITION BY stage, citation_id) AS seats
    FROM paper CROSS JOIN person
        LEFT JOIN issued USING (stage, citation_id, reviewer)  -- one to one
        LEFT JOIN vote USING (stage, citation_id, reviewer)  -- one to one
    WHERE person.is_reviewer
),
still_open AS (
    SELECT DISTINCT stage FROM seat ANTI JOIN over USING (stage) WHERE (asked AND NOT voted) OR votes < least(needed, seats)
),
final AS (
    SELECT stage, citation_id, reviewer, asked, voted FROM seat SEMI JOIN still_open USING (stage)
)
SELECT * FROM final
