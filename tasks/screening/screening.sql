-- Where each citation stands at each stage that it has reached. What events do is said in states.py (staging.transition).
-- Parameters: needed_title_abstract, needed_full_text: reviewers that each stage asks for; tool, tool_decides: the tool that has a
-- voice at title and abstract, null if none has, and what it decides alone.
WITH citation AS (SELECT review, citation_id FROM staging.citation),
judgement AS (
    SELECT *, coalesce(decided_on, CAST(as_of AS DATE)) AS day
    FROM judgement
    WHERE kind NOT IN ('retrieval', 'removal') AND counts_as IS NOT NULL
),
retrieved AS (SELECT * FROM retrieved),
removed AS (SELECT citation_id, 'title_abstract' AS stage, decision FROM removed),
transition AS (SELECT * FROM staging.transition),
again AS (SELECT * FROM staging.again),
stage AS (
    SELECT 'title_abstract' AS stage, $needed_title_abstract AS needed
    UNION ALL SELECT 'full_text', $needed_full_text
),

-- the round in force is the highest
newest AS (
    SELECT citation_id, stage, max(round) AS round
    FROM judgement
    WHERE kind IN ('vote', 'resolution') OR (kind = 'tool_vote' AND who = $tool)
    GROUP BY citation_id, stage
),
each_stage AS (
    SELECT citation.review, citation.citation_id, stage.stage, stage.needed, coalesce(newest.round, 1) AS round
    FROM citation CROSS JOIN stage LEFT JOIN newest USING (citation_id, stage)  -- one to one
),
ballot AS (
    SELECT
        citation_id, stage, round, count(DISTINCT who) AS votes, count(DISTINCT meaning) AS meanings,
        min(counts_as) AS counts_as, min(reason) AS reason, min(day) AS day
    FROM judgement
    WHERE kind = 'vote' AND NOT superseded
    GROUP BY citation_id, stage, round
),
-- a tool that contradicts itself on papers that were merged since has said nothing
machine AS (
    SELECT citation_id, stage, round, min(counts_as) AS counts_as, min(day) AS day
    FROM judgement
    WHERE kind = 'tool_vote' AND NOT superseded AND who = $tool
    GROUP BY citation_id, stage, round
    HAVING count(DISTINCT counts_as) = 1
),
-- whose full text is said to be decided has passed the title and abstract, if nothing else is known of it
imported AS (
    SELECT citation_id, stage, counts_as, reason, meaning, day FROM judgement WHERE kind = 'outcome' AND NOT superseded
    UNION ALL
    SELECT citation_id, 'title_abstract', 'include', NULL, 'include', day FROM judgement AS later
    WHERE kind = 'outcome' AND stage = 'full_text' AND NOT superseded AND NOT EXISTS (
        SELECT 1 FROM judgement AS own
        WHERE own.kind = 'outcome' AND own.stage = 'title_abstract' AND own.citation_id = later.citation_id
    )
),
list AS (
    SELECT
        citation_id, stage, count(DISTINCT meaning) AS meanings,
        min(counts_as) AS counts_as, min(reason) AS reason, min(day) AS day
    FROM imported
    GROUP BY citation_id, stage
),
settled AS (
    SELECT citation_id, stage, round, counts_as, reason, day
    FROM judgement
    WHERE kind = 'resolution' AND NOT superseded
    QUALIFY row_number() OVER (PARTITION BY citation_id, stage, round ORDER BY place DESC) = 1
),
event AS (
    SELECT
        each_stage.*,
        coalesce(ballot.votes, 0) AS votes,
        CASE
            WHEN ballot.meanings > 1 THEN 'differ'
            WHEN ballot.votes >= each_stage.needed THEN 'agree_' || ballot.counts_as
            WHEN ballot.votes > 0 AND machine.counts_as <> ballot.counts_as THEN 'differ'
            WHEN ballot.votes + 1 >= each_stage.needed AND machine.counts_as IS NOT NULL
                THEN 'agree_with_tool_' || ballot.counts_as
            WHEN ballot.votes > 0 THEN 'too_few'
            WHEN list.meanings > 1 THEN 'outcomes_differ'
            WHEN list.meanings = 1 THEN 'outcome_' || list.counts_as
            WHEN removed.decision IS NOT NULL THEN 'removed'
            WHEN machine.counts_as = $tool_decides THEN 'tool_' || machine.counts_as
            ELSE 'too_few'
        END AS judged,
        'resolved_' || settled.counts_as AS resolved,
        ballot.reason AS reason_of_votes, list.reason AS reason_of_outcome, settled.reason AS reason_of_resolution,
        least(ballot.day, CASE WHEN ballot.votes < each_stage.needed THEN machine.day END) AS day_of_votes,
        machine.day AS day_of_tool, list.day AS day_of_outcome, settled.day AS day_of_resolution,
        ballot.votes IS NOT NULL OR list.meanings IS NOT NULL AS judged_at_all
    FROM each_stage
        LEFT JOIN ballot USING (citation_id, stage, round)  -- one to one
        LEFT JOIN machine USING (citation_id, stage, round)  -- one to one
        LEFT JOIN list USING (citation_id, stage)  -- one to one
        LEFT JOIN settled USING (citation_id, stage, round)  -- one to one
        LEFT JOIN removed USING (citation_id, stage)  -- one to one
),
state AS (
    SELECT
        event.*,
        coalesce(second.next, first.next, 'awaiting_votes') AS state,
        CASE WHEN second.next IS NULL THEN first.decision ELSE second.decision END AS decision,
        CASE WHEN second.next IS NULL THEN first.basis ELSE second.basis END AS basis
    FROM event
        LEFT JOIN transition AS first  -- many to one
            ON first.stage = event.stage AND first.state = 'awaiting_votes' AND first.event = event.judged
        LEFT JOIN transition AS second  -- many to one
            ON second.stage = event.stage AND second.state = first.next AND second.event = event.resolved
),
explained AS (
    SELECT
        *,
        CASE WHEN stage = 'full_text' AND decision = 'exclude' THEN
            CASE basis WHEN 'votes' THEN reason_of_votes WHEN 'outcome' THEN reason_of_outcome ELSE reason_of_resolution END
        END AS reason,
        CASE basis
            WHEN 'outcome' THEN day_of_outcome WHEN 'resolution' THEN day_of_resolution WHEN 'tool' THEN day_of_tool
            ELSE day_of_votes
        END AS day
    FROM state
),
-- what was decided by rules that were amended since, and as the amendment names it, starts again in the next round
affected AS (
    SELECT DISTINCT explained.citation_id, explained.stage
    FROM explained JOIN again
        ON again.stage = explained.stage AND again.decision = explained.decision AND explained.day < again.amended_on
        AND (again.reason IS NULL OR again.reason = explained.reason)
),
current AS (
    SELECT * FROM explained ANTI JOIN affected USING (citation_id, stage)
    UNION ALL BY NAME
    SELECT explained.* REPLACE (
        round + 1 AS round, 0 AS votes, 'awaiting_votes' AS state, NULL AS decision, NULL AS basis, NULL AS reason
    )
    FROM explained SEMI JOIN affected USING (citation_id, stage)
),
passed AS (SELECT citation_id FROM current WHERE stage = 'title_abstract' AND decision = 'include'),
reached AS (
    SELECT current.* FROM current
    LEFT JOIN retrieved USING (citation_id)  -- one to one
    LEFT JOIN passed USING (citation_id)  -- one to one
    WHERE current.stage = 'title_abstract' OR (
        passed.citation_id IS NOT NULL
        AND retrieved.status IS DISTINCT FROM 'not_retrieved'
        AND (retrieved.status = 'arrived' OR current.judged_at_all)
    )
),
-- what was withdrawn is out at the last stage that it has reached, whatever was decided there; without its text it is out already
withdrawn AS (
    SELECT citation_id, min(stage) AS stage, 'withdrawn' AS event
    FROM reached SEMI JOIN (SELECT citation_id FROM removed WHERE decision = 'withdrawn') AS out USING (citation_id)
        ANTI JOIN (SELECT citation_id FROM retrieved WHERE status = 'not_retrieved') AS lost USING (citation_id)
    GROUP BY citation_id
),
final AS (
    SELECT
        reached.review, reached.citation_id, reached.stage, CAST(reached.round AS INTEGER) AS round,
        coalesce(third.next, reached.state) AS state,
        coalesce(third.decision, reached.decision) AS decision,
        CASE
            WHEN third.next IS NULL THEN reached.reason
            WHEN reached.stage = 'full_text' THEN 'withdrawn'
        END AS reason,
        coalesce(third.basis, reached.basis) AS basis,
        CAST(reached.votes AS INTEGER) AS votes
    FROM reached
        LEFT JOIN withdrawn USING (citation_id, stage)  -- one to one
        LEFT JOIN transition AS third  -- many to one
            ON third.stage = reached.stage AND third.state = reached.state AND third.event = withdrawn.event
)
SELECT * FROM final
