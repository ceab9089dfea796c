-- What waits for people, as of the release, and who owes it: of any day, leave not considered.
-- Who was sent something owes it until an answer of that person has come on any of the records that were shown, whatever the citation
-- is called by now. What was asked before a study's coding was changed asks about something else. People who left the protocol
-- ($people) are not waited for, nor who no longer screens ($reviewers), codes ($coders), settles what differs ($settling) or says which
-- reports are of one study ($tying). A missing answer that nobody was asked for has a row without a person, so each thing that waits has
-- one.
WITH member AS (
    SELECT record_id, citation_id FROM staging.citation_record
),
citation AS (
    SELECT citation_id, title, first_seen FROM staging.citation
),
screening AS (
    SELECT citation_id, stage, round, state, votes FROM staging.screening WHERE state IN ('awaiting_votes', 'conflict')
),
funnel AS (
    SELECT citation_id, position FROM staging.funnel
),
report AS (
    SELECT study_id, citation_id FROM staging.study_report
),
study AS (
    SELECT study_id, state, double, settled FROM staging.study_extraction
),
coder AS (
    SELECT report.study_id, coding.reviewer, coding.record_ids, coding.superseded, coding.as_of
    FROM staging.coding AS coding
    JOIN report USING (citation_id)  -- n:1
    WHERE coding.role = 'coder'
),
-- what two people judge of every study: who did, as its coder or as an appraiser
judge AS (
    SELECT
        report.study_id, coding.reviewer, coding.raw, coding.as_of, bool_and(coding.superseded) AS superseded, bool_or(coding.again) AS again
    FROM staging.coding AS coding
    JOIN report USING (citation_id)  -- n:1
    WHERE coding.appraised AND coding.role IN ('coder', 'appraiser')
    GROUP BY ALL
),
voter AS (
    SELECT * FROM (VALUES ('title_abstract', $voters_title_abstract), ('full_text', $voters_full_text)) AS rule (stage, voters)
),
-- the tool that counts as one of two voices has one where it does not contradict itself on papers that were merged since
voice AS (
    SELECT citation_id, stage, round
    FROM staging.tool_vote
    WHERE tool = $tool AND NOT superseded
    GROUP BY citation_id, stage, round
    HAVING count(DISTINCT decision = 'exclude') = 1
),
vote AS (
    SELECT DISTINCT citation_id, stage, round, reviewer FROM staging.vote
),
-- the day since when nothing new is known of a citation
retrieval AS (
    SELECT unnest(record_ids) AS record_id, as_of FROM log.retrieval
),
known AS (
    SELECT citation_id, max(as_of) AS since
    FROM (
        SELECT citation_id, first_seen AS as_of FROM citation
        UNION ALL
        SELECT citation_id, as_of FROM staging.vote
        UNION ALL
        SELECT citation_id, as_of FROM staging.tool_vote
        UNION ALL
        SELECT citation_id, as_of FROM staging.resolution
        UNION ALL
        SELECT citation_id, as_of FROM staging.outcome
        UNION ALL
        SELECT member.citation_id, retrieval.as_of FROM retrieval JOIN member USING (record_id)
        UNION ALL
        SELECT citation_id, as_of FROM staging.coding
    )
    GROUP BY citation_id
),
known_of_study AS (
    SELECT report.study_id, max(known.since) AS since FROM report JOIN known USING (citation_id) GROUP BY report.study_id
),
-- pairs; the two joins apart, as DuckDB would compare each record with each for the sake of the last condition
half_unsure AS MATERIALIZED (
    SELECT member.citation_id, pair.record_b
    FROM staging.record_pair AS pair
    JOIN member ON member.record_id = pair.record_a
    WHERE pair.outcome = 'unsure'
),
unsure AS (
    SELECT
        least(half_unsure.citation_id, member.citation_id) AS citation_a,
        greatest(half_unsure.citation_id, member.citation_id) AS citation_b
    FROM half_unsure
    JOIN member ON member.record_id = half_unsure.record_b
    WHERE half_unsure.citation_id <> member.citation_id
),
told_apart AS (
    SELECT least(one.citation_id, other.citation_id) AS citation_a, greatest(one.citation_id, other.citation_id) AS citation_b
    FROM log.override AS override
    JOIN member AS one ON one.record_id = override.record_a
    JOIN member AS other ON other.record_id = override.record_b
),
pair AS (
    SELECT 'duplicates' AS task, citation_a, citation_b FROM unsure
    UNION
    SELECT 'same_study', citation_a, citation_b FROM staging.study_pair WHERE verdict IS NULL AND NOT linked
),
open_pair AS (
    SELECT * FROM pair WHERE task = 'same_study'
    UNION ALL
    SELECT * FROM pair ANTI JOIN told_apart USING (citation_a, citation_b) WHERE task = 'duplicates'
),
-- a report of a coded study that was no part of what any of its coders was shown
seen AS (
    SELECT DISTINCT unnest(record_ids) AS record_id FROM coder WHERE NOT superseded
),
unseen AS (
    SELECT report.study_id, report.citation_id
    FROM report
    JOIN study USING (study_id)  -- n:1
    JOIN member USING (citation_id)  -- 1:n
    LEFT JOIN seen USING (record_id)  -- n:1
    WHERE study.settled
    GROUP BY report.study_id, report.citation_id
    HAVING count(seen.record_id) = 0
),
coded AS (
    SELECT study_id, count(DISTINCT reviewer) AS coders FROM coder WHERE NOT superseded GROUP BY study_id
),
judged AS (
    SELECT study_id, count(*) FILTER (NOT again) AS judges
    FROM (SELECT study_id, arg_max(again, (as_of, raw)) AS again FROM judge GROUP BY study_id, reviewer)
    GROUP BY study_id
),
-- what waits, and for how many answers
waiting AS (
    SELECT
        screening.stage AS task, screening.stage, screening.citation_id AS id, 'citation' AS what, screening.citation_id,
        NULL AS study_id, screening.round,
        greatest(1, voter.voters - screening.votes - if(voice.citation_id IS NULL, 0, 1)) AS answers
    FROM screening
    JOIN voter USING (stage)  -- n:1
    LEFT JOIN voice USING (citation_id, stage, round)  -- 1:1
    WHERE screening.state = 'awaiting_votes'
    UNION ALL
    SELECT stage || '_conflict', stage, citation_id, 'citation', citation_id, NULL, round, 1 FROM screening WHERE state = 'conflict'
    UNION ALL
    SELECT
        if(position = 'awaiting_retrieval', 'retrieval', 'classification'), 'full_text', citation_id, 'citation', citation_id, NULL, 1, 1
    FROM funnel
    WHERE position IN ('awaiting_retrieval', 'awaiting_classification')
    UNION ALL
    SELECT
        CASE state
            WHEN 'awaiting_verification' THEN 'verification'
            WHEN 'awaiting_reconciliation' THEN 'reconciliation'
            WHEN 'awaiting_appraisal' THEN 'appraisal'
            WHEN 'awaiting_appraisal_reconciliation' THEN 'appraisal_reconciliation'
            ELSE 'coding'
        END,
        'extraction', study.study_id, 'study', study.study_id, study.study_id, 1,
        CASE
            WHEN state IN ('uncoded', 'coded_once') THEN greatest(1, if(double, 2, 1) - coalesce(coded.coders, 0))
            WHEN state = 'awaiting_appraisal' THEN greatest(1, 2 - coalesce(judged.judges, 0))
            ELSE 1
        END
    FROM study
    LEFT JOIN coded USING (study_id)  -- 1:1
    LEFT JOIN judged USING (study_id)  -- 1:1
    WHERE NOT settled
    UNION ALL
    SELECT 'new_report', 'extraction', citation_id, 'citation', citation_id, study_id, 1, 1 FROM unseen
    UNION ALL
    SELECT
        task, if(task = 'duplicates', 'dedup', 'extraction'), citation_a || '+' || citation_b, 'pair', citation_a, NULL, 1, 1
    FROM open_pair
),
-- who was sent what: by the records that were shown, which is what decisions follow
sent AS (
    SELECT worklist_id, position, task, reviewer, round, record_ids, as_of
    FROM log.worklist
    WHERE list_contains(
        CASE
            WHEN task IN ('title_abstract', 'full_text') THEN $reviewers::VARCHAR[]
            WHEN task LIKE '%reconciliation' THEN $settling::VARCHAR[]
            WHEN task IN ('coding', 'verification', 'appraisal') THEN $coders::VARCHAR[]
            WHEN task = 'same_study' THEN $tying::VARCHAR[]
            ELSE $people::VARCHAR[]
        END,
        reviewer
    )
),
sent_of AS (
    SELECT sent.task, sent.reviewer, sent.round, member.citation_id, max(sent.as_of) AS asked
    FROM (SELECT task, reviewer, round, as_of, unnest(record_ids) AS record_id FROM sent) AS sent
    JOIN member USING (record_id)  -- n:1
    GROUP BY ALL
),
sent_of_study AS (
    SELECT sent_of.task, sent_of.reviewer, report.study_id, max(sent_of.asked) AS asked
    FROM sent_of
    JOIN report USING (citation_id)  -- n:1
    WHERE sent_of.task IN ('coding', 'verification', 'reconciliation', 'appraisal', 'appraisal_reconciliation')
    GROUP BY ALL
),
sent_of_pair AS MATERIALIZED (
    SELECT DISTINCT sent.worklist_id, sent.position, sent.task, sent.reviewer, sent.as_of, member.citation_id
    FROM (SELECT *, unnest(record_ids) AS record_id FROM sent WHERE task IN ('duplicates', 'same_study')) AS sent
    JOIN member USING (record_id)  -- n:1
),
sent_pair AS (
    SELECT one.task, one.reviewer, one.citation_id AS citation_a, other.citation_id AS citation_b, max(one.as_of) AS asked
    FROM sent_of_pair AS one
    JOIN sent_of_pair AS other USING (worklist_id, position)
    WHERE one.citation_id < other.citation_id
    GROUP BY ALL
),
answered_last AS (
    SELECT study_id, 'coding' AS task, reviewer, max(as_of) AS as_of FROM coder GROUP BY study_id, reviewer
    UNION ALL
    SELECT study_id, 'appraisal', reviewer, max(as_of) FROM judge GROUP BY study_id, reviewer
),
changed AS (
    SELECT study_id, unnest(['verification', 'reconciliation']) AS task, max(as_of) AS as_of
    FROM coder
    WHERE NOT superseded
    GROUP BY study_id
    UNION ALL
    SELECT study_id, 'appraisal_reconciliation', max(as_of) FROM judge WHERE NOT superseded GROUP BY study_id
),
asked AS (
    SELECT waiting.task, waiting.id, sent_of.reviewer, sent_of.asked
    FROM waiting
    JOIN sent_of USING (task, citation_id, round)  -- 1:n
    LEFT JOIN vote ON vote.citation_id = waiting.citation_id AND vote.stage = waiting.task AND vote.round = waiting.round
        AND vote.reviewer = sent_of.reviewer  -- 1:1
    WHERE waiting.what = 'citation' AND vote.reviewer IS NULL
    UNION ALL
    SELECT waiting.task, waiting.id, sent_of_study.reviewer, sent_of_study.asked
    FROM waiting
    JOIN sent_of_study
        ON sent_of_study.study_id = waiting.study_id
        AND sent_of_study.task = if(waiting.task = 'new_report', 'coding', waiting.task)  -- 1:n
    LEFT JOIN answered_last
        ON answered_last.study_id = waiting.study_id AND answered_last.reviewer = sent_of_study.reviewer
        AND answered_last.task = sent_of_study.task  -- 1:1
    LEFT JOIN changed ON changed.study_id = waiting.study_id AND changed.task = sent_of_study.task  -- 1:1
    WHERE (answered_last.as_of IS NULL OR answered_last.as_of < sent_of_study.asked)
        AND (changed.as_of IS NULL OR changed.as_of <= sent_of_study.asked)
    UNION ALL
    SELECT task, citation_a || '+' || citation_b, reviewer, asked FROM sent_pair SEMI JOIN open_pair USING (task, citation_a, citation_b)
),
asked_of AS (
    SELECT task, id, count(*) AS people FROM asked GROUP BY task, id
),
owed AS (
    SELECT waiting.*, asked.reviewer, asked.asked, 1 AS owed
    FROM waiting
    JOIN asked USING (task, id)  -- 1:n
    UNION ALL
    SELECT waiting.*, '', NULL, waiting.answers - coalesce(asked_of.people, 0)
    FROM waiting
    LEFT JOIN asked_of USING (task, id)  -- 1:1
    WHERE waiting.answers > coalesce(asked_of.people, 0)
),
pair_since AS (
    SELECT open_pair.task, citation_a || '+' || citation_b AS id, greatest(one.since, other.since) AS since
    FROM open_pair
    LEFT JOIN known AS one ON one.citation_id = citation_a
    LEFT JOIN known AS other ON other.citation_id = citation_b
),
final AS (
    SELECT
        $review AS review, owed.task, owed.stage, owed.id, owed.what, citation.title, owed.reviewer, owed.owed,
        coalesce(pair_since.since, if(owed.what = 'study', known_of_study.since, known.since))::DATE AS since,
        owed.asked::DATE AS asked_on,
        if(owed.asked IS NULL, NULL, date_diff('day', owed.asked::DATE, $as_of::TIMESTAMP::DATE) > $overdue_days::INTEGER) AS overdue
    FROM owed
    LEFT JOIN citation USING (citation_id)  -- n:1
    LEFT JOIN known USING (citation_id)  -- n:1
    LEFT JOIN known_of_study ON known_of_study.study_id = owed.study_id  -- n:1
    LEFT JOIN pair_since ON pair_since.task = owed.task AND pair_since.id = owed.id  -- n:1
)
SELECT * FROM final;
