-- Pairs of records that may be one paper and that a person has to look at: one pair for each two citations, the likeliest of
-- theirs, likeliest first. Left out is what a person has said already, and what somebody was asked and has not answered yet.
WITH pairs AS (
    SELECT record_a, record_b, explanation, score FROM staging.record_pair WHERE outcome = 'unsure'
),
member AS (
    SELECT record_id, citation_id FROM staging.citation_record
),
record AS (
    SELECT * FROM staging.record
),
spoken AS (
    SELECT record_a, record_b FROM log.override
    UNION
    SELECT least(record_ids[1], record_ids[2]), greatest(record_ids[1], record_ids[2])
    FROM log.worklist
    WHERE task = 'duplicates'
),
settled AS (
    SELECT DISTINCT least(a.citation_id, b.citation_id) AS one, greatest(a.citation_id, b.citation_id) AS other
    FROM spoken
    JOIN member AS a ON a.record_id = spoken.record_a
    JOIN member AS b ON b.record_id = spoken.record_b
),
placed AS (
    SELECT
        pairs.*,
        a.citation_id,
        least(a.citation_id, b.citation_id) AS one,
        greatest(a.citation_id, b.citation_id) AS other
    FROM pairs
    JOIN member AS a ON a.record_id = pairs.record_a  -- n:1
    JOIN member AS b ON b.record_id = pairs.record_b  -- n:1
    WHERE a.citation_id <> b.citation_id
),
likeliest AS (
    SELECT *
    FROM placed
    ANTI JOIN settled USING (one, other)
    QUALIFY row_number() OVER (PARTITION BY one, other ORDER BY score DESC, record_a, record_b) = 1
),
final AS (
    SELECT
        likeliest.citation_id,
        likeliest.explanation,
        likeliest.score,
        {
            record_id: a.record_id, title: a.title, authors: a.authors, year: a.year, doi: a.doi, abstract: a.abstract, database: a.database,
            place: concat_ws(' ', a.journal, a.volume, '(' || a.issue || ')', a.pages)
        } AS one,
        {
            record_id: b.record_id, title: b.title, authors: b.authors, year: b.year, doi: b.doi, abstract: b.abstract, database: b.database,
            place: concat_ws(' ', b.journal, b.volume, '(' || b.issue || ')', b.pages)
        } AS other,
        row_number() OVER (ORDER BY likeliest.score DESC, likeliest.record_a, likeliest.record_b) AS position
    FROM likeliest
    JOIN record AS a ON a.record_id = likeliest.record_a  -- n:1
    JOIN record AS b ON b.record_id = likeliest.record_b  -- n:1
)
SELECT * FROM final ORDER BY position
