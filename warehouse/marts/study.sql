-- One row per included study, ongoing ones too: its short reference, what it counts as, and how far its coding is.
-- A study takes the id of the first of its reports, and is described by that one, so each join is one to one.
WITH report AS (
    SELECT study_report.study_id, study_report.ongoing, citation.records, citation.notices
    FROM staging.study_report AS study_report
    LEFT JOIN staging.citation AS citation USING (citation_id)
),
included AS (
    SELECT
        study_id AS citation_id, bool_and(ongoing) AS is_ongoing, count(*) AS reports, sum(records) AS records,
        list_sort(list_distinct(flatten(list(coalesce(notices, []))))) AS notices
    FROM report
    GROUP BY study_id
),
-- the gravest of the editorial notices on its reports
notice AS (
    SELECT
        study_report.study_id,
        arg_min(notice.kind, list_position(['retracted', 'concern', 'corrected', 'updated'], notice.kind)) AS kind
    FROM marts.notice AS notice
    JOIN staging.study_report AS study_report USING (citation_id)  -- n:1
    GROUP BY study_report.study_id
),
citation AS (
    SELECT * FROM staging.citation
),
extraction AS (
    SELECT study_id, double, state, settled FROM staging.study_extraction
),
kind_code AS (
    SELECT coding.study_id, code.kind
    FROM staging.study_coding AS coding
    JOIN staging.code AS code USING (dimension, code)
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'kind'
),
-- a study has one kind; should two be coded, review wins, so that it is never counted as primary evidence too
kind AS (
    SELECT study_id, max(kind) AS kind FROM kind_code GROUP BY study_id
),
-- "Family, Given", or as the source gives it: "Okafor AB" loses its initials, an organisation keeps its whole name
named AS (
    SELECT
        citation_id,
        list_transform(
            list_filter(authors, lambda author: trim(author, ' ,') <> ''),
            lambda author: CASE
                WHEN contains(trim(author, ' ,'), ',') THEN trim(split_part(trim(author, ' ,'), ',', 1))
                ELSE regexp_replace(trim(author, ' ,'), '^(\S*\p{Ll}\S*(?: \S+){0,2}?) (?:\p{Lu}[. -]*){1,3}$', '\1')
            END
        ) AS families,
        regexp_split_to_array(nullif(trim(title), ''), '\s+') AS words
    FROM citation
),
reference AS (
    SELECT
        citation_id,
        CASE
            WHEN len(families) > 2 THEN families[1] || ' et al.'
            WHEN len(families) = 2 THEN families[1] || ' & ' || families[2]
            WHEN len(families) = 1 THEN families[1]
            WHEN len(words) > 6 THEN array_to_string(words[1:6], ' ') || ' …'
            ELSE coalesce(array_to_string(words, ' '), 'Untitled')
        END AS who
    FROM named
),
final AS (
    SELECT
        $review AS review,
        included.citation_id AS study_id,
        reference.who || ' (' || coalesce(citation.year::VARCHAR, 'no date') || ')' AS reference,
        CASE WHEN included.is_ongoing THEN 'ongoing' ELSE kind.kind END AS kind,
        CASE WHEN included.is_ongoing THEN 'ongoing' ELSE extraction.state END AS state,
        included.is_ongoing OR coalesce(extraction.settled, false) AS mapped,
        -- an included study without a row in extraction has no state here, and the contract stops the release
        CASE WHEN included.is_ongoing THEN coalesce(extraction.double, false) ELSE extraction.double END AS double,
        notice.kind AS notice,
        included.reports,
        included.records,
        citation.type,
        citation.title,
        citation.authors,
        citation.year,
        citation.journal,
        citation.volume,
        citation.issue,
        citation.pages,
        citation.doi,
        citation.pmid,
        citation.abstract,
        citation.keywords,
        citation.language,
        citation.publisher,
        citation.url,
        included.notices,
        citation.synthetic
    FROM included
    LEFT JOIN notice ON notice.study_id = included.citation_id
    LEFT JOIN citation ON citation.citation_id = included.citation_id
    LEFT JOIN reference ON reference.citation_id = included.citation_id
    LEFT JOIN extraction ON extraction.study_id = included.citation_id
    LEFT JOIN kind ON kind.study_id = included.citation_id
)
SELECT * FROM final ORDER BY study_id;
