-- What each person owes: one row per citation, task and person, with the row of a worklist on which it was sent (`worklist_id` …),
-- which is empty where nobody was asked yet.
--
-- Who was asked or has voted stays, so that nothing is shuffled when people, citations or rules change; only a person who left
-- the protocol without voting is replaced. The choice goes by the slot of the roster that a hash of the citation's id picks, then
-- round the protocol's order, starting where the hash says: balanced, and the same on every machine (DuckDB's own hash changes
-- between its versions).
WITH person AS (SELECT * FROM staging.person),
rule AS (SELECT * FROM staging.rule),
turn AS (SELECT * FROM staging.turn),
partner AS (SELECT * FROM staging.partner),
idle AS (SELECT * FROM staging.idle),
screening AS (SELECT * FROM staging.screening),
funnel AS (SELECT * FROM staging.funnel),
vote AS (SELECT DISTINCT citation_id, stage, round, reviewer FROM staging.vote),
tool_vote AS (
    SELECT citation_id, stage, round, true AS with_tool
    FROM staging.tool_vote JOIN rule USING (stage, tool)  -- many to one
    WHERE NOT superseded
    GROUP BY citation_id, stage, round
    HAVING count(DISTINCT decision = 'exclude') = 1
),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
pilot AS (SELECT * FROM pilot),  -- those that are open
worklist AS (
    SELECT worklist_id, position, task, reviewer, round, citation_id AS shown_as, record_ids, as_of
    FROM log.worklist SEMI JOIN person USING (reviewer)
),

placed_row AS (
    SELECT DISTINCT shown.worklist_id, shown.position, citation_record.citation_id
    FROM (SELECT worklist_id, position, unnest(record_ids) AS record_id FROM worklist) AS shown
        JOIN citation_record USING (record_id)  -- many to one
),
-- of a row whose records are several citations by now, nobody can say which of them its answer would be about: it was asked for,
-- and stays with that person, but as a row of its own for each (`sent` is empty)
issued AS (
    SELECT
        worklist.task, worklist.round, placed_row.citation_id, worklist.reviewer,
        arg_max(
            {
                'worklist_id': worklist.worklist_id, 'shown_as': worklist.shown_as, 'position': worklist.position,
                'as_of': worklist.as_of
            },
            (worklist.as_of, length(worklist.worklist_id), worklist.worklist_id, worklist.position)
        ) FILTER (WHERE placed_row.citations = 1) AS sent
    FROM (SELECT *, count(*) OVER (PARTITION BY worklist_id, position) AS citations FROM placed_row) AS placed_row
        JOIN worklist USING (worklist_id, position)  -- many to one
    GROUP BY worklist.task, worklist.round, placed_row.citation_id, worklist.reviewer
),

-- votes
waiting AS (
    SELECT
        screening.citation_id, screening.stage, screening.round,
        greatest(1, rule.needed - if(tool_vote.with_tool, 1, 0)) AS needed
    FROM screening JOIN rule USING (stage)  -- many to one
        LEFT JOIN tool_vote USING (citation_id, stage, round)  -- one to one
        ANTI JOIN pilot USING (stage)
    WHERE screening.state = 'awaiting_votes'
),
taken AS (
    SELECT citation_id, stage, round, reviewer FROM vote
    UNION
    SELECT issued.citation_id, issued.task, issued.round, issued.reviewer
    FROM issued JOIN person USING (reviewer)  -- many to one
    WHERE person.is_reviewer
),
counted AS (SELECT citation_id, stage, round, count(*) AS n FROM taken GROUP BY citation_id, stage, round),
short AS (
    SELECT waiting.*, waiting.needed - coalesce(counted.n, 0) AS missing
    FROM waiting LEFT JOIN counted USING (citation_id, stage, round)  -- one to one
    WHERE waiting.needed > coalesce(counted.n, 0)
),
reviewer AS (
    SELECT reviewer, row_number() OVER (ORDER BY position) - 1 AS seat, count(*) OVER () AS seats FROM person WHERE is_reviewer
),
placed AS (
    SELECT
        short.*,
        md5_number_lower(short.citation_id) AS place,
        md5_number_upper(short.citation_id) % rule.slots AS slot
    FROM short JOIN rule USING (stage)  -- many to one
),
-- where one of a pair was asked before, it is the other who is left to ask
beside AS (
    SELECT DISTINCT taken.citation_id, taken.stage, taken.round, partner.partner AS reviewer
    FROM taken JOIN partner USING (stage, reviewer)  -- many to many
),
-- who is not in the slot stands in for those who are away or have voted; who has no share only where nobody else is left
voting AS (
    SELECT placed.stage AS task, placed.stage, placed.round, placed.citation_id, reviewer.reviewer
    FROM placed CROSS JOIN reviewer ANTI JOIN taken USING (citation_id, stage, round, reviewer)
        LEFT JOIN beside USING (citation_id, stage, round, reviewer)  -- one to one
        LEFT JOIN turn USING (stage, slot, reviewer)  -- many to one
        LEFT JOIN idle USING (stage, reviewer)  -- many to one
    QUALIFY row_number() OVER (
        PARTITION BY placed.citation_id, placed.stage
        ORDER BY
            beside.reviewer IS NULL, turn.turn NULLS LAST, idle.reviewer IS NOT NULL,
            (reviewer.seat + reviewer.seats - placed.place % reviewer.seats) % reviewer.seats
    ) <= placed.missing
),

-- what was asked for and is still needed; that more than are needed were asked, since somebody was away, is no reason to stop one
asked_to_vote AS (
    SELECT
        screening.stage AS task, screening.stage, screening.round, screening.citation_id, issued.reviewer,
        pilot.stage IS NOT NULL AS pilot, issued.sent
    FROM screening
        JOIN issued  -- one to many
            ON issued.task = screening.stage AND issued.round = screening.round AND issued.citation_id = screening.citation_id
        SEMI JOIN (FROM person WHERE is_reviewer) AS reviewer ON reviewer.reviewer = issued.reviewer
        LEFT JOIN pilot  -- one to one
            ON pilot.stage = screening.stage AND pilot.citation_id = screening.citation_id AND pilot.reviewer = issued.reviewer
        ANTI JOIN vote
            ON vote.citation_id = screening.citation_id AND vote.stage = screening.stage AND vote.round = screening.round
            AND vote.reviewer = issued.reviewer
    WHERE (screening.state = 'awaiting_votes' OR pilot.stage IS NOT NULL)
        AND (issued.sent IS NOT NULL OR pilot.stage IS NOT NULL OR screening.stage NOT IN (SELECT stage FROM pilot))
),

piloting AS (
    SELECT stage AS task, stage, 1 AS round, citation_id, reviewer FROM pilot WHERE NOT asked AND NOT voted
),

-- conflicts
conflict AS (
    SELECT
        screening.citation_id, screening.stage, screening.round,
        -- one person and a tool cannot talk it over
        if(tool_vote.with_tool AND screening.votes = 1 AND rule.conflicts = 'discussion', 'third', rule.conflicts) AS conflicts
    FROM screening JOIN rule USING (stage)  -- many to one
        LEFT JOIN tool_vote USING (citation_id, stage, round)  -- one to one
        ANTI JOIN pilot USING (stage)
    WHERE screening.state = 'conflict'
),
able AS (
    SELECT
        conflict.*, person.reviewer, person.position,
        CASE
            WHEN conflict.conflicts = 'discussion' AND vote.reviewer IS NOT NULL THEN 1
            WHEN vote.reviewer IS NULL AND person.is_adjudicator THEN 2
            WHEN vote.reviewer IS NULL AND person.is_reviewer THEN 3  -- better than a conflict that nobody is asked to settle
            WHEN vote.reviewer IS NOT NULL AND conflict.conflicts = 'either' THEN 4
        END AS preference
    FROM conflict CROSS JOIN person
        LEFT JOIN vote USING (citation_id, stage, round, reviewer)  -- one to one
    WHERE preference IS NOT NULL
    -- where the two discuss, nobody else can answer as long as one of them is there: who was asked before does not count
    QUALIFY conflict.conflicts <> 'discussion' OR preference = 1
        OR min(preference) OVER (PARTITION BY conflict.citation_id, conflict.stage) > 1
),
asked AS (
    SELECT able.citation_id, able.stage, able.round, able.reviewer, issued.sent
    FROM able JOIN issued USING (citation_id, round, reviewer)  -- one to many
    WHERE issued.task = able.stage || '_conflict'
),
preferred AS (
    SELECT
        able.*,
        row_number() OVER (PARTITION BY citation_id, stage ORDER BY position) - 1 AS seat,
        count(*) OVER (PARTITION BY citation_id, stage) AS seats
    FROM able ANTI JOIN asked USING (citation_id, stage)
    QUALIFY rank() OVER (PARTITION BY citation_id, stage ORDER BY preference) = 1
),
settling AS (
    SELECT stage || '_conflict' AS task, stage, round, citation_id, reviewer
    FROM preferred
    QUALIFY row_number() OVER (
        PARTITION BY citation_id, stage ORDER BY (seat + seats - md5_number_lower(citation_id) % seats) % seats
    ) = 1
),

-- full texts
librarian AS (SELECT reviewer FROM person WHERE is_librarian OR is_reviewer ORDER BY is_librarian DESC, position LIMIT 1),
sought AS (SELECT citation_id, round, reviewer, sent FROM issued WHERE task = 'retrieval'),
awaited AS (SELECT citation_id FROM funnel WHERE position = 'awaiting_retrieval'),
retrieving AS (
    SELECT 'retrieval' AS task, 'full_text' AS stage, 1 AS round, awaited.citation_id, librarian.reviewer
    FROM awaited CROSS JOIN librarian ANTI JOIN sought USING (citation_id)
),

owed AS (
    SELECT *, false AS pilot, NULL AS sent FROM voting
    UNION ALL SELECT *, true, NULL FROM piloting
    UNION ALL SELECT *, false, NULL FROM settling
    UNION ALL SELECT *, false, NULL FROM retrieving
    UNION ALL SELECT * FROM asked_to_vote
    UNION ALL SELECT stage || '_conflict', stage, round, citation_id, reviewer, false, sent FROM asked
    UNION ALL
    SELECT 'retrieval', 'full_text', round, citation_id, reviewer, false, sent FROM sought SEMI JOIN awaited USING (citation_id)
),
final AS (
    SELECT
        * EXCLUDE (sent), sent.worklist_id AS worklist_id, sent.shown_as AS shown_as, sent.position AS sent_position,
        sent.as_of AS sent_at
    FROM owed
)
SELECT * FROM final
