-- Each citation, called by the number of its founding record, and how many records it has.
CREATE OR REPLACE TABLE founding AS
SELECT founder, count(*) AS records
FROM membership
GROUP BY founder;

-- For each citation of several records and each field: the value to show and the record that gave it. Damaged values come last; then
-- what most records say (places, identifiers), or the fullest (texts, names); then the record seen first. `n` closes every order, so
-- each choice is one. Where versions of a review are one citation, the newest speaks for it.
CREATE OR REPLACE TABLE merged AS
WITH gathered AS (
    SELECT trait.n, trait.review, trait.record_id, trait.container_doi, trait.living, founder
    FROM trait
    JOIN membership USING (n)  -- 1:1
    JOIN founding USING (founder)  -- n:1
    WHERE founding.records > 1
),
member AS (
    SELECT
        gathered.founder, gathered.n, gathered.container_doi, gathered.living, record.*,
        try_cast(regexp_extract(record.doi, '\.pub(\d+)$', 1) AS INTEGER) AS edition
    FROM staging.record AS record
    JOIN gathered USING (review, record_id)  -- 1:1
),
said AS (
    SELECT
        *,
        living AND (coalesce(year < max(year) OVER (PARTITION BY founder), false)
            OR coalesce(edition < max(edition) OVER (PARTITION BY founder), false)) AS superseded,
        count(*) OVER (PARTITION BY founder, year) AS same_year,
        count(*) OVER (PARTITION BY founder, volume) AS same_volume,
        count(*) OVER (PARTITION BY founder, issue) AS same_issue,
        count(*) OVER (PARTITION BY founder, pages) AS same_pages,
        count(*) OVER (PARTITION BY founder, doi) AS same_doi,
        count(*) OVER (PARTITION BY founder, pmid) AS same_pmid,
        count(*) OVER (PARTITION BY founder, type) AS same_type
    FROM member
),
ranked AS (
    SELECT
        founder, n, first_seen, synthetic, arm,
        type, title, authors, year, journal, volume, issue, pages, doi, pmid, abstract, keywords, language, publisher, url, notices,
        (superseded, -same_type, n) AS type_order,
        -- "#NAME?" and capitals throughout are damage; brackets mark a title that a database translated
        (superseded, title LIKE '#NAME%', upper(title) = title, title LIKE '[%', -length(title), n) AS title_order,
        -- full names before initials; one long string is a list that lost its separators
        (superseded, len(authors) = 1 AND length(authors[1]) > 60, -len(authors), -length(array_to_string(authors, '; ')), n)
            AS authors_order,
        (superseded, -same_year, n) AS year_order,
        (superseded, regexp_matches(journal, '\d{4}|\(no pag|Conference:'), upper(journal) = journal, -length(journal), n)
            AS journal_order,
        (superseded, regexp_matches(volume, '^\d+\)$'), -same_volume, n) AS volume_order,
        (superseded, -same_issue, n) AS issue_order,
        (superseded, regexp_matches(pages, $month_pattern), -same_pages, -length(pages), n) AS pages_order,
        (superseded, container_doi, -same_doi, n) AS doi_order,
        (superseded, -same_pmid, n) AS pmid_order,
        (superseded, -length(abstract), n) AS abstract_order,
        (superseded, -len(keywords), n) AS keywords_order,
        (superseded, n) AS rest_order
    FROM said
)
SELECT
    founder,
    min(arm) AS arm,
    count(*) AS records,
    min(first_seen) AS first_seen,
    bool_or(synthetic) AS synthetic,
    arg_min(type, type_order) FILTER (WHERE type IS NOT NULL) AS type,
    arg_min(n, type_order) FILTER (WHERE type IS NOT NULL) AS type_n,
    arg_min(title, title_order) FILTER (WHERE title IS NOT NULL) AS title,
    arg_min(n, title_order) FILTER (WHERE title IS NOT NULL) AS title_n,
    arg_min(authors, authors_order) FILTER (WHERE len(authors) > 0) AS authors,
    arg_min(n, authors_order) FILTER (WHERE len(authors) > 0) AS authors_n,
    arg_min(year, year_order) FILTER (WHERE year IS NOT NULL) AS year,
    arg_min(n, year_order) FILTER (WHERE year IS NOT NULL) AS year_n,
    arg_min(journal, journal_order) FILTER (WHERE journal IS NOT NULL) AS journal,
    arg_min(n, journal_order) FILTER (WHERE journal IS NOT NULL) AS journal_n,
    arg_min(volume, volume_order) FILTER (WHERE volume IS NOT NULL) AS volume,
    arg_min(n, volume_order) FILTER (WHERE volume IS NOT NULL) AS volume_n,
    arg_min(issue, issue_order) FILTER (WHERE issue IS NOT NULL) AS issue,
    arg_min(n, issue_order) FILTER (WHERE issue IS NOT NULL) AS issue_n,
    arg_min(pages, pages_order) FILTER (WHERE pages IS NOT NULL) AS pages,
    arg_min(n, pages_order) FILTER (WHERE pages IS NOT NULL) AS pages_n,
    arg_min(doi, doi_order) FILTER (WHERE doi IS NOT NULL) AS doi,
    arg_min(n, doi_order) FILTER (WHERE doi IS NOT NULL) AS doi_n,
    arg_min(pmid, pmid_order) FILTER (WHERE pmid IS NOT NULL) AS pmid,
    arg_min(n, pmid_order) FILTER (WHERE pmid IS NOT NULL) AS pmid_n,
    arg_min(abstract, abstract_order) FILTER (WHERE abstract IS NOT NULL) AS abstract,
    arg_min(n, abstract_order) FILTER (WHERE abstract IS NOT NULL) AS abstract_n,
    arg_min(keywords, keywords_order) FILTER (WHERE len(keywords) > 0) AS keywords,
    arg_min(n, keywords_order) FILTER (WHERE len(keywords) > 0) AS keywords_n,
    coalesce(list_sort(list_distinct(flatten(list(notices)))), []) AS notices,
    arg_min(language, rest_order) FILTER (WHERE language IS NOT NULL) AS language,
    arg_min(n, rest_order) FILTER (WHERE language IS NOT NULL) AS language_n,
    arg_min(publisher, rest_order) FILTER (WHERE publisher IS NOT NULL) AS publisher,
    arg_min(n, rest_order) FILTER (WHERE publisher IS NOT NULL) AS publisher_n,
    arg_min(url, rest_order) FILTER (WHERE url IS NOT NULL) AS url,
    arg_min(n, rest_order) FILTER (WHERE url IS NOT NULL) AS url_n
FROM ranked
GROUP BY founder;
