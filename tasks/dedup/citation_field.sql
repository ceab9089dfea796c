-- One row per citation of several records and field that has a value: the record that gave it.
WITH merged AS (
    SELECT
        founder, type_n AS type, title_n AS title, authors_n AS authors, year_n AS year, journal_n AS journal, volume_n AS volume,
        issue_n AS issue, pages_n AS pages, doi_n AS doi, pmid_n AS pmid, abstract_n AS abstract, keywords_n AS keywords,
        language_n AS language, publisher_n AS publisher, url_n AS url
    FROM main.merged
),
given_by AS (
    UNPIVOT merged ON COLUMNS(* EXCLUDE founder) INTO NAME field VALUE n  -- leaves out fields without a value
),
final AS (
    SELECT founding.review, founding.citation_id, field, giver.record_id
    FROM given_by
    JOIN trait AS founding ON founding.n = given_by.founder  -- n:1
    JOIN trait AS giver ON giver.n = given_by.n  -- n:1
)
SELECT * FROM final;
