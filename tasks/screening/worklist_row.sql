-- The rows of the worklists to be issued: what each person is shown. First what was sent before, as it was sent, then what is new, in
-- the order of their rank or, where there is none, in that in which papers came in; in a pilot its papers stand before all others.
-- `position` is that among the new rows. `rank` is of what is sent before all that nobody was sent yet: papers that go out from behind
-- one that is held back, as they were begun or as their people are further on, are not drawn by rank, and recall must not count them.
WITH owed AS (SELECT * FROM staging.owed),
citation AS (SELECT * FROM staging.citation),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
vote AS (SELECT citation_id, stage, round, decision, reason FROM staging.vote WHERE NOT superseded),
screening AS (SELECT citation_id, stage, round, state, votes FROM staging.screening),
tool_vote AS (SELECT citation_id, stage, round, tool, decision FROM staging.tool_vote WHERE NOT superseded),
rule AS (SELECT stage, needed, tool FROM staging.rule),
outcome AS (SELECT citation_id, stage, decision, reason FROM staging.outcome),
reason AS (SELECT reason, label FROM staging.reason),
ranking AS (SELECT citation_id, 'title_abstract' AS stage, position, score FROM staging.ranking),
worklist AS (SELECT task, round, record_ids FROM log.worklist WHERE task = 'title_abstract'),

record AS (SELECT citation_id, list(record_id ORDER BY record_id) AS record_ids FROM citation_record GROUP BY citation_id),
-- a conflict between imported lists has no votes to show
said AS (
    SELECT citation_id, stage, round, decision, reason FROM vote
    UNION ALL
    SELECT citation_id, stage, round, tool_vote.decision, NULL  -- where it is one of the two voices
    FROM tool_vote
        JOIN rule USING (stage, tool)  -- many to one
        JOIN screening USING (citation_id, stage, round)  -- many to one
    WHERE screening.votes < rule.needed
    UNION ALL
    SELECT owed.citation_id, owed.stage, owed.round, outcome.decision, outcome.reason
    FROM owed JOIN outcome USING (citation_id, stage)  -- one to many
        ANTI JOIN vote USING (citation_id, stage, round)
    WHERE owed.task LIKE '%_conflict'
),
-- in a fixed order, so that the place of a vote does not tell whose it is
shown AS (
    SELECT
        said.citation_id, said.stage, said.round,
        string_agg(
            said.decision || coalesce(' (' || coalesce(reason.label, said.reason) || ')', ''), ' | '
            ORDER BY
                list_position(['include', 'maybe', 'awaiting_classification', 'ongoing', 'exclude'], said.decision),
                coalesce(reason.label, said.reason)
        ) AS votes
    FROM said LEFT JOIN reason USING (reason)  -- many to one
    GROUP BY said.citation_id, said.stage, said.round
),
sent AS (
    SELECT DISTINCT citation_record.citation_id, before.stage, before.round
    FROM (SELECT task AS stage, round, unnest(record_ids) AS record_id FROM worklist) AS before
        JOIN citation_record USING (record_id)  -- many to one
),
held_back AS (
    SELECT min(ranking.position) AS position
    FROM ranking JOIN screening USING (citation_id, stage)  -- one to one
        ANTI JOIN sent USING (citation_id, stage, round)
        ANTI JOIN (SELECT citation_id, task AS stage FROM owed) AS going USING (citation_id, stage)
    WHERE screening.state = 'awaiting_votes'
),
final AS (
    SELECT
        owed.task, owed.reviewer, owed.round, owed.worklist_id, coalesce(owed.shown_as, owed.citation_id) AS citation_id,
        record.record_ids, owed.pilot,
        CASE WHEN owed.task LIKE '%_conflict' THEN coalesce(shown.votes, '') END AS votes,
        citation.title, citation.authors, citation.year, citation.journal, citation.doi, citation.abstract,
        citation.type, citation.volume, citation.issue, citation.pages, citation.pmid, citation.url,
        CAST(row_number() OVER (
            PARTITION BY owed.task, owed.reviewer, owed.worklist_id IS NULL
            ORDER BY ranking.position NULLS LAST, citation.first_seen, owed.citation_id
        ) AS INTEGER) AS position,
        CASE
            WHEN
                owed.task = ranking.stage AND NOT owed.pilot AND ranking.score IS NOT NULL
                AND (ranking.position < held_back.position) IS NOT FALSE
            THEN ranking.position
        END AS "rank",
        row_number() OVER (
            PARTITION BY owed.task, owed.reviewer
            ORDER BY
                owed.pilot DESC, owed.worklist_id IS NULL, owed.sent_at, length(owed.worklist_id), owed.worklist_id,
                owed.sent_position, ranking.position NULLS LAST, citation.first_seen, owed.citation_id
        ) AS place
    FROM owed
        JOIN citation USING (citation_id)  -- many to one
        JOIN record USING (citation_id)  -- many to one
        LEFT JOIN shown USING (citation_id, stage, round)  -- many to one
        LEFT JOIN ranking USING (citation_id, stage)  -- many to one
        CROSS JOIN held_back  -- one row
)
SELECT * FROM final ORDER BY task, reviewer, place
