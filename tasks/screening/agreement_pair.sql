-- The two votes on each citation that were given alone: those of the first two reviewers, as they were when the conflict was
-- sent out to be settled, or its resolution came if that was earlier. Later votes were made by somebody who may have seen the
-- conflict. In a pilot, where all reviewers vote on all of it, a hash picks the two, so that each two are measured; it is told
-- apart as round 0. Superseded votes are looked at too: one that was changed after that is the one that was given alone.
WITH citation AS (SELECT review, citation_id FROM staging.citation),
citation_record AS (SELECT record_id, citation_id FROM staging.citation_record),
pilot AS (
    SELECT DISTINCT stage, 1 AS round, citation_id
    FROM (SELECT stage, unnest(record_ids) AS record_id FROM log.pilot) JOIN citation_record USING (record_id)  -- many to one
),
vote AS (SELECT * FROM judgement WHERE kind = 'vote' AND counts_as IS NOT NULL),
issued AS (
    SELECT replace(task, '_conflict', '') AS stage, round, as_of, unnest(record_ids) AS record_id
    FROM log.worklist
    WHERE task IN ('title_abstract_conflict', 'full_text_conflict')
),
shown AS (
    SELECT citation_record.citation_id, issued.stage, issued.round, issued.as_of
    FROM issued JOIN citation_record USING (record_id)  -- many to one
    UNION ALL
    SELECT citation_id, stage, round, as_of
    FROM judgement
    WHERE kind = 'resolution'
),
known AS (
    SELECT citation_id, stage, round, min(as_of) AS known_at
    FROM shown
    GROUP BY citation_id, stage, round
),
alone AS (
    SELECT
        vote.citation_id, vote.stage, vote.round, vote.who,
        min(vote.as_of) AS first_came,
        arg_max(vote.counts_as, vote.place) AS counts_as
    FROM vote LEFT JOIN known USING (citation_id, stage, round)  -- many to one
    WHERE known.known_at IS NULL OR vote.as_of <= known.known_at
    GROUP BY vote.citation_id, vote.stage, vote.round, vote.who
),
everybody AS (
    SELECT
        alone.* REPLACE (if(pilot.citation_id IS NULL, round, 0) AS round),
        count(*) OVER ballot AS voters,
        count(*) FILTER (WHERE counts_as = 'include') OVER ballot AS includers,
        row_number() OVER (
            PARTITION BY citation_id, stage, round
            ORDER BY if(pilot.citation_id IS NULL, '', md5(citation_id || who)), first_came, who
        ) AS turn
    FROM alone LEFT JOIN pilot USING (citation_id, stage, round)  -- many to one
    WINDOW ballot AS (PARTITION BY citation_id, stage, round)
),
first_two AS (SELECT * FROM everybody WHERE turn <= 2),
final AS (
    SELECT
        min(citation.review) AS review, citation_id, first_two.stage, first_two.round,
        min(who) AS reviewer_a, max(who) AS reviewer_b,
        arg_min(counts_as, who) = 'include' AS include_a, arg_max(counts_as, who) = 'include' AS include_b,
        min(voters) AS voters, min(includers) AS includers
    FROM first_two JOIN citation USING (citation_id)  -- many to one
    GROUP BY citation_id, first_two.stage, first_two.round
    HAVING count(*) = 2
)
SELECT * FROM final
