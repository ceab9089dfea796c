-- What is known of each row that came back: the present citation, what was sent, the rounds in force, and who voted in them.
-- What is known beside the paper is numbered: rows with the same number are in the same circumstances (circumstances.sql).
-- A row without an id, as some tools give it back, is of the one paper with its title, if there is just one.
WITH came AS (
    SELECT
        *,
        CASE citation_id WHEN '' THEN record_id END AS only_record,
        CASE WHEN citation_id = '' AND record_id = '' THEN nullif(regexp_replace(lower(title), '[^\p{L}\p{N}]', '', 'g'), '') END
            AS only_title
    FROM staging.came
),
citation AS (SELECT citation_id, title FROM staging.citation),
alias AS (SELECT alias, citation_id FROM staging.citation_alias),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
worklist AS (SELECT * FROM log.worklist),
sent AS (SELECT * FROM worklist WHERE worklist_id IN (SELECT worklist_id FROM came)),
screening AS (SELECT citation_id, stage, round FROM staging.screening),
vote AS (SELECT citation_id, stage, round, reviewer FROM staging.vote),

tool_vote AS (
    SELECT citation_id, round, true AS with_tool
    FROM staging.tool_vote
    WHERE stage = 'title_abstract' AND tool = $tool AND NOT superseded
    GROUP BY citation_id, round
    HAVING count(DISTINCT decision = 'exclude') = 1  -- of two that contradict each other since papers merged, neither is its word
),

titled AS (
    SELECT letters AS only_title, min(citation_id) AS citation_id
    FROM (SELECT citation_id, regexp_replace(lower(title), '[^\p{L}\p{N}]', '', 'g') AS letters FROM citation)
    WHERE EXISTS (FROM came WHERE only_title IS NOT NULL)
    GROUP BY letters
    HAVING count(*) = 1
),
present AS (
    SELECT
        came.line, came.worklist_id, came.citation_id AS given_id,
        coalesce(by_id.citation_id, by_alias.citation_id, by_record.citation_id, by_title.citation_id) AS citation_id
    FROM came
        LEFT JOIN citation AS by_id ON by_id.citation_id = came.citation_id  -- many to one
        LEFT JOIN alias AS by_alias ON by_alias.alias = came.citation_id  -- many to one
        LEFT JOIN citation_record AS by_record ON by_record.record_id = came.only_record  -- many to one
        LEFT JOIN titled AS by_title ON by_title.only_title = came.only_title  -- many to one
),
asked AS (
    SELECT citation_record.citation_id, task AS stage, list(DISTINCT reviewer ORDER BY reviewer) AS asked
    FROM (SELECT task, reviewer, unnest(record_ids) AS record_id FROM worklist WHERE task IN ('title_abstract', 'full_text'))
    JOIN citation_record USING (record_id)  -- many to one
    SEMI JOIN (FROM present WHERE worklist_id = '') USING (citation_id)
    GROUP BY citation_record.citation_id, task
),
record AS (
    SELECT citation_id, list(record_id ORDER BY record_id) AS record_ids
    FROM citation_record SEMI JOIN present USING (citation_id)
    GROUP BY citation_id
),
voter AS (
    SELECT citation_id, stage, round, list(DISTINCT reviewer ORDER BY reviewer) AS voters
    FROM vote SEMI JOIN present USING (citation_id)
    GROUP BY citation_id, stage, round
),
beside AS (
    SELECT
        present.line, present.citation_id, citation.title,
        sent.task, sent.reviewer,
        list_sort(coalesce(sent.record_ids, record.record_ids)) AS record_ids,
        sent.round AS round_sent,
        coalesce(title_abstract.round, 1) AS round_title_abstract,
        coalesce(full_text.round, 1) AS round_full_text,
        coalesce(voted_title_abstract.voters, []) AS voters_title_abstract,
        coalesce(voted_full_text.voters, []) AS voters_full_text,
        coalesce(tool_vote.with_tool, false) AS with_tool,
        coalesce(asked_title_abstract.asked, []) AS asked_title_abstract,
        coalesce(asked_full_text.asked, []) AS asked_full_text
    FROM present
        LEFT JOIN citation ON citation.citation_id = present.citation_id  -- many to one
        LEFT JOIN record ON record.citation_id = present.citation_id  -- many to one
        LEFT JOIN sent  -- many to one
            ON sent.worklist_id = present.worklist_id AND sent.citation_id = present.given_id
        LEFT JOIN screening AS title_abstract  -- many to one
            ON title_abstract.citation_id = present.citation_id AND title_abstract.stage = 'title_abstract'
        LEFT JOIN screening AS full_text  -- many to one
            ON full_text.citation_id = present.citation_id AND full_text.stage = 'full_text'
        LEFT JOIN voter AS voted_title_abstract  -- many to one
            ON voted_title_abstract.citation_id = present.citation_id AND voted_title_abstract.stage = 'title_abstract'
            AND voted_title_abstract.round = coalesce(sent.round, title_abstract.round, 1)
        LEFT JOIN voter AS voted_full_text  -- many to one
            ON voted_full_text.citation_id = present.citation_id AND voted_full_text.stage = 'full_text'
            AND voted_full_text.round = coalesce(sent.round, full_text.round, 1)
        LEFT JOIN tool_vote  -- many to one
            ON tool_vote.citation_id = present.citation_id AND tool_vote.round = coalesce(sent.round, title_abstract.round, 1)
        LEFT JOIN asked AS asked_title_abstract  -- many to one
            ON asked_title_abstract.citation_id = present.citation_id AND asked_title_abstract.stage = 'title_abstract'
        LEFT JOIN asked AS asked_full_text  -- many to one
            ON asked_full_text.citation_id = present.citation_id AND asked_full_text.stage = 'full_text'
),
final AS (
    SELECT
        *,
        dense_rank() OVER (ORDER BY
            task, reviewer, round_sent, round_title_abstract, round_full_text, voters_title_abstract, voters_full_text,
            with_tool, asked_title_abstract, asked_full_text
        ) - 1 AS circumstances
    FROM beside
)
SELECT * FROM final ORDER BY line
