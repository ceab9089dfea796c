-- What each person still owes and was not asked for yet: one row per citation, task and person.
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
worklist AS (SELECT task, reviewer, round, unnest(record_ids) AS record_id FROM log.worklist),

issued AS (
    SELECT DISTINCT worklist.task, worklist.round, citation_record.citation_id, worklist.reviewer
    FROM worklist
        JOIN citation_record USING (record_id)  -- many to one
        SEMI JOIN person USING (reviewer)
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
    SELECT able.citation_id, able.stage
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
retrieving AS (
    SELECT 'retrieval' AS task, 'full_text' AS stage, 1 AS round, funnel.citation_id, librarian.reviewer
    FROM funnel CROSS JOIN librarian
        ANTI JOIN (SELECT citation_id FROM issued WHERE task = 'retrieval') AS sought USING (citation_id)
    WHERE funnel.position = 'awaiting_retrieval'
),

final AS (
    SELECT *, false AS pilot FROM voting
    UNION ALL SELECT *, true FROM piloting
    UNION ALL SELECT *, false FROM settling
    UNION ALL SELECT *, false FROM retrieving
)
SELECT * FROM final
