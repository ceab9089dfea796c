-- One row per theme that somebody wrote on: the text, and what has changed since. A text cites studies as [@id; @id]; the id may be that
-- of any report of the study, or one that it had before it was merged.
WITH text AS (
    SELECT theme, text, as_of FROM staging.synthesis
),
theme AS (
    SELECT code.code AS theme, code.label, code.position
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'theme'
),
cited AS (
    SELECT DISTINCT theme, unnest(regexp_extract_all(citation, '@([A-Za-z0-9-]+)', 1)) AS id
    FROM (SELECT theme, unnest(regexp_extract_all(text, '\[@[^\]\[]+\]')) AS citation FROM text)
),
alias AS (
    SELECT alias, citation_id FROM staging.citation_alias
),
report AS (
    SELECT citation_id, study_id FROM staging.study_report
),
meant AS (
    SELECT DISTINCT cited.theme, coalesce(report.study_id, cited.id) AS study_id
    FROM cited
    LEFT JOIN alias ON alias.alias = cited.id  -- n:1
    LEFT JOIN report ON report.citation_id = coalesce(alias.citation_id, cited.id)  -- n:1
),
themed AS (
    SELECT DISTINCT study_code.code AS theme, study_code.study_id
    FROM marts.study_code AS study_code
    JOIN staging.dimension AS dimension USING (dimension)
    JOIN marts.study AS study USING (study_id)
    WHERE dimension.role = 'theme' AND study.mapped
),
coded AS (
    SELECT citation_id AS study_id, max(as_of) AS as_of FROM staging.coding GROUP BY citation_id
),
uncited AS (
    SELECT theme, list(study_id ORDER BY study_id) AS studies FROM themed ANTI JOIN meant USING (theme, study_id) GROUP BY theme
),
gone AS (
    SELECT theme, list(study_id ORDER BY study_id) AS studies FROM meant ANTI JOIN themed USING (theme, study_id) GROUP BY theme
),
recoded AS (
    SELECT meant.theme, list(meant.study_id ORDER BY meant.study_id) AS studies
    FROM meant
    SEMI JOIN themed USING (theme, study_id)
    JOIN text USING (theme)
    JOIN coded USING (study_id)
    WHERE coded.as_of > text.as_of
    GROUP BY meant.theme
),
final AS (
    SELECT
        $review AS review, theme.theme, theme.label, text.text, text.as_of AS written,
        coalesce(uncited.studies, []) AS uncited, coalesce(gone.studies, []) AS gone, coalesce(recoded.studies, []) AS recoded,
        uncited.studies IS NULL AND gone.studies IS NULL AND recoded.studies IS NULL AS up_to_date,
        theme.position
    FROM text
    JOIN theme USING (theme)  -- 1:1
    LEFT JOIN uncited USING (theme)  -- 1:1
    LEFT JOIN gone USING (theme)  -- 1:1
    LEFT JOIN recoded USING (theme)  -- 1:1
)
SELECT * FROM final;
