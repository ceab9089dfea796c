-- One row per unique paper. A citation of one record says what the record says; the fields of the others are chosen in merge.sql.
WITH merged AS (
    SELECT * FROM main.merged
),
alone AS (
    SELECT
        record.review, trait.citation_id, record.record_id AS founder, record.arm, founding.records,
        record.type, record.title, record.authors, record.year, record.journal, record.volume, record.issue, record.pages,
        record.doi, record.pmid, record.abstract, record.keywords, record.language, record.publisher, record.url,
        list_sort(list_distinct(record.notices)) AS notices, record.first_seen, record.synthetic
    FROM staging.record AS record
    JOIN trait USING (review, record_id)  -- 1:1
    JOIN founding ON founding.founder = trait.n  -- 1:1
    WHERE founding.records = 1
),
gathered AS (
    SELECT
        trait.review, trait.citation_id, trait.record_id AS founder, merged.arm, merged.records,
        merged.type, merged.title, merged.authors, merged.year, merged.journal, merged.volume, merged.issue, merged.pages,
        merged.doi, merged.pmid, merged.abstract, merged.keywords, merged.language, merged.publisher, merged.url,
        merged.notices, merged.first_seen, merged.synthetic
    FROM merged
    JOIN trait ON trait.n = merged.founder  -- 1:1
),
every AS (
    SELECT * FROM alone
    UNION ALL BY NAME
    SELECT * FROM gathered
),
final AS (
    SELECT * REPLACE (
        coalesce(authors, []) AS authors, coalesce(keywords, []) AS keywords, coalesce(notices, []) AS notices
    )
    FROM every
)
SELECT * FROM final;
