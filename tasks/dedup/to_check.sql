-- Pairs of records that may be one paper and that a person has to look at: one pair for each two citations, the likeliest of
-- theirs, likeliest first. What somebody was asked and has not answered stays as it was sent (`worklist_id`, `reviewer`, `sent_at`), as
-- long as that one takes part ($people); left out is what a person has said already.
WITH pairs AS (
    SELECT record_a, record_b, explanation, score FROM staging.record_pair WHERE outcome = 'unsure'
),
member AS (
    SELECT record_id, citation_id FROM staging.citation_record
),
record AS (
    SELECT * FROM staging.record
),
sent AS (
    SELECT
        least(record_ids[1], record_ids[2]) AS record_a, greatest(record_ids[1], record_ids[2]) AS record_b,
        worklist_id, reviewer, as_of AS sent_at
    FROM log.worklist
    WHERE task = 'duplicates' AND list_contains($people::VARCHAR[], reviewer)
    QUALIFY row_number() OVER (
        PARTITION BY record_a, record_b ORDER BY as_of DESC, length(worklist_id) DESC, worklist_id DESC
    ) = 1
),
settled AS (
    SELECT DISTINCT least(a.citation_id, b.citation_id) AS one, greatest(a.citation_id, b.citation_id) AS other
    FROM log.override AS spoken
    JOIN member AS a ON a.record_id = spoken.record_a
    JOIN member AS b ON b.record_id = spoken.record_b
),
-- the two joins apart, as DuckDB would compare each record with each for the sake of the last condition
half AS MATERIALIZED (
    SELECT pairs.*, member.citation_id
    FROM pairs
    JOIN member ON member.record_id = pairs.record_a  -- n:1
),
placed AS (
    SELECT
        half.*,
        least(half.citation_id, member.citation_id) AS one,
        greatest(half.citation_id, member.citation_id) AS other
    FROM half
    JOIN member ON member.record_id = half.record_b  -- n:1
    WHERE half.citation_id <> member.citation_id
),
likeliest AS (
    SELECT placed.*, sent.worklist_id, sent.reviewer, sent.sent_at
    FROM placed
    ANTI JOIN settled USING (one, other)
    LEFT JOIN sent  -- n:1
        ON sent.record_a = least(placed.record_a, placed.record_b) AND sent.record_b = greatest(placed.record_a, placed.record_b)
    QUALIFY row_number() OVER (
        PARTITION BY one, other ORDER BY worklist_id IS NULL, score DESC, placed.record_a, placed.record_b
    ) = 1
),
final AS (
    SELECT
        likeliest.citation_id,
        likeliest.explanation,
        likeliest.score,
        likeliest.worklist_id,
        likeliest.reviewer,
        likeliest.sent_at,
        list_sort([likeliest.record_a, likeliest.record_b]) AS record_ids,
        {
            record_id: a.record_id, title: a.title, authors: a.authors, year: a.year, doi: a.doi, abstract: a.abstract, database: a.database,
            place: concat_ws(' ', a.journal, a.volume, '(' || a.issue || ')', a.pages)
        } AS one,
        {
            record_id: b.record_id, title: b.title, authors: b.authors, year: b.year, doi: b.doi, abstract: b.abstract, database: b.database,
            place: concat_ws(' ', b.journal, b.volume, '(' || b.issue || ')', b.pages)
        } AS other
    FROM likeliest
    JOIN record AS a ON a.record_id = likeliest.record_a  -- n:1
    JOIN record AS b ON b.record_id = likeliest.record_b  -- n:1
)
SELECT * FROM final ORDER BY score DESC, one.record_id, other.record_id
