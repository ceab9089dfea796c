-- The study of each included or ongoing citation: all that are tied together by "same", be it through one that is not included.
-- A study is called after the first of them that came. It is under way as long as none of them has results.
WITH RECURSIVE report AS (
    SELECT review, citation_id, position = 'ongoing' AS is_ongoing FROM staging.funnel WHERE position IN ('included', 'ongoing')
),
tie AS (
    SELECT one, other FROM staging.linked WHERE verdict = 'same'
    UNION ALL
    SELECT other, one FROM staging.linked WHERE verdict = 'same'
),
reached AS (
    SELECT citation_id, citation_id AS is_tied_to FROM report
    UNION
    SELECT reached.citation_id, tie.other FROM reached JOIN tie ON tie.one = reached.is_tied_to
),
named AS (
    SELECT
        reached.citation_id,
        arg_min(report.citation_id, (citation.first_seen, citation.founder)) AS study_id,
        bool_and(report.is_ongoing) AS ongoing
    FROM reached
    JOIN report ON report.citation_id = reached.is_tied_to
    JOIN staging.citation AS citation ON citation.citation_id = report.citation_id
    GROUP BY reached.citation_id
),
final AS (
    SELECT report.review, report.citation_id, named.study_id, named.ongoing
    FROM report
    JOIN named USING (citation_id)  -- 1:1
)
SELECT * FROM final
