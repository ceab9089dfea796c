-- One row per two citations that are related and not the same paper: what the one is of the other, told by a source or by a
-- comparison of two records. `a` is that of `b`: the correction of the paper, the preprint of the article.
CREATE OR REPLACE TABLE relation AS
WITH compared AS (
    SELECT decision.*
    FROM decision
    JOIN membership AS one ON one.n = decision.a  -- n:1
    JOIN membership AS other ON other.n = decision.b  -- n:1
    WHERE one.founder <> other.founder AND (title_alike >= $title_near OR same_living_review)
),
named AS (
    SELECT
        *,
        CASE
            WHEN correction <> 0 AND title_same THEN 'correction'
            WHEN retraction <> 0 AND title_same THEN 'retraction'
            WHEN comment <> 0 AND title_same AND title_length >= $telling_length THEN 'comment'
            WHEN protocol <> 0 AND authors_agree THEN 'protocol'
            WHEN living AND (title_same OR same_living_review) THEN 'earlier_version'
            WHEN generic OR NOT title_same OR NOT authors_agree OR NOT numbers_agree OR subtitles_differ THEN NULL
            WHEN preprint <> 0 THEN 'preprint'
            WHEN abstract_of_meeting <> 0 THEN 'meeting_abstract'
            WHEN years_apart = 0 AND volume = 1 AND issue = 1 AND NOT journal_same THEN 'translation'
            -- a column in each issue of a journal has one title and author, and is another text
            WHEN NOT journal_same OR abstract_alike >= $abstract_equal THEN 'other_edition'
        END AS kind
    FROM compared
),
by_comparison AS (
    SELECT
        CASE side WHEN 1 THEN a ELSE b END AS a,
        CASE side WHEN 1 THEN b ELSE a END AS b,
        kind, 'comparison' AS basis, explanation, score
    FROM (
        SELECT
            *,
            CASE kind
                WHEN 'correction' THEN correction WHEN 'retraction' THEN retraction WHEN 'comment' THEN comment
                WHEN 'protocol' THEN protocol WHEN 'preprint' THEN preprint WHEN 'meeting_abstract' THEN abstract_of_meeting
                WHEN 'translation' THEN CASE WHEN translation <> 0 THEN translation ELSE -1 END
                ELSE earlier
            END AS side
        FROM named
        WHERE kind IS NOT NULL
    )
),
named_by_id AS (
    SELECT n, review, doi AS id FROM trait WHERE doi IS NOT NULL AND NOT container_doi
    UNION ALL
    SELECT n, review, 'pmid:' || pmid FROM trait WHERE pmid IS NOT NULL
),
notice AS (
    SELECT trait.n, trait.review, split_part(told, ':', 1) AS word, trim(substr(told, strpos(told, ':') + 1)) AS named
    FROM (SELECT review, record_id, unnest(notices) AS told FROM staging.record)
    JOIN trait USING (review, record_id)  -- n:1
    WHERE contains(told, ':')
),
-- a notice stands with either of the two papers: "corrected: 10.1000/1" with the paper, "correction-of: 10.1000/2" with the correction
vocabulary (word, kind, names_it) AS (
    VALUES
        ('corrected', 'correction', true), ('correction-of', 'correction', false),
        ('retracted', 'retraction', true), ('retraction-of', 'retraction', false),
        ('concern', 'concern', true), ('concern-about', 'concern', false),
        ('update-of', 'earlier_version', true), ('updated', 'earlier_version', false),
        ('preprint-of', 'preprint', false), ('published-as', 'preprint', false),
        ('translation-of', 'translation', false)
),
by_notice AS (
    SELECT
        CASE WHEN names_it THEN target.n ELSE notice.n END AS a,
        CASE WHEN names_it THEN notice.n ELSE target.n END AS b,
        kind, 'notice' AS basis, notice.word || ': ' || notice.named AS explanation, 1.0 AS score
    FROM notice
    JOIN vocabulary USING (word)  -- n:1
    JOIN named_by_id AS target ON target.review = notice.review AND target.id = notice.named
),
told AS (
    SELECT * FROM by_comparison
    UNION ALL BY NAME
    SELECT * FROM by_notice
)
SELECT told.*, one.founder AS founder_a, other.founder AS founder_b
FROM told
JOIN membership AS one ON one.n = told.a  -- n:1
JOIN membership AS other ON other.n = told.b  -- n:1
WHERE one.founder <> other.founder
-- what a source says goes before what was compared
QUALIFY row_number() OVER (
    PARTITION BY least(one.founder, other.founder), greatest(one.founder, other.founder)
    ORDER BY basis = 'comparison', score DESC, kind, a, b) = 1;
