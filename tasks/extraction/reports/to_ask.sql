-- Pairs of reports that may be of one study and count as two, with what is shown of them. What somebody was asked stays as it was
-- sent (`worklist_id`, `reviewer`, `sent_at`); who no longer says so ($tying) cannot be waited for.
WITH pair AS (
    SELECT * FROM staging.study_pair WHERE verdict IS NULL AND NOT linked
),
shown AS (
    SELECT worklist_id, position, reviewer, as_of, unnest(record_ids) AS record_id
    FROM log.worklist
    WHERE task = 'same_study' AND list_contains($tying::VARCHAR[], reviewer)
),
asked AS (
    SELECT DISTINCT shown.worklist_id, shown.position, shown.reviewer, shown.as_of, citation_record.citation_id
    FROM shown
    JOIN staging.citation_record AS citation_record USING (record_id)  -- n:1
),
waiting AS (
    SELECT
        one.citation_id AS citation_a, other.citation_id AS citation_b, one.worklist_id, one.reviewer, one.as_of AS sent_at
    FROM asked AS one
    JOIN asked AS other USING (worklist_id, position)
    WHERE one.citation_id < other.citation_id
    QUALIFY row_number() OVER (
        PARTITION BY citation_a, citation_b ORDER BY one.as_of DESC, length(one.worklist_id) DESC, one.worklist_id DESC, one.position
    ) = 1
),
record AS (
    SELECT citation_id, list(record_id ORDER BY record_id) AS record_ids
    FROM staging.citation_record
    GROUP BY citation_id
),
side AS (
    SELECT citation_id, {
        citation_id: citation_id, title: title, authors: authors, year: year, journal: journal, doi: doi, abstract: abstract,
        record_ids: record_ids
    } AS shown
    FROM staging.citation
    JOIN record USING (citation_id)  -- 1:1
),
final AS (
    SELECT
        pair.citation_a AS citation_id, pair.explanation, one.shown AS one, other.shown AS other, waiting.worklist_id,
        waiting.reviewer, waiting.sent_at, list_sort(one.shown.record_ids || other.shown.record_ids) AS record_ids
    FROM pair
    LEFT JOIN waiting USING (citation_a, citation_b)  -- 1:1
    JOIN side AS one ON one.citation_id = pair.citation_a  -- n:1
    JOIN side AS other ON other.citation_id = pair.citation_b  -- n:1
)
SELECT * FROM final ORDER BY sent_at NULLS LAST, citation_id, other.citation_id
