-- One row per coding: what one person returned on one paper, in one role, in one file. `staging.part` has what of it counts here: what is
-- extracted, or what is appraised.
-- `content` and `codes` (without free text and what was specified, in which no two people use the same words) spell it out, so that codings can be
-- compared whole; group numbers are left out, because they only say what belongs together. `since` is when it became what it
-- is: returning a file again unchanged changes nothing. A later coding replaces an earlier one of the same person if both were
-- of the same paper: two papers that were found to be one later keep both. `again`: the codebook has changed so that it has to be
-- made again.
WITH coding AS (
    SELECT * FROM staging.part
),
belongs AS (
    SELECT * FROM staging.belongs
),
dimension AS (
    SELECT dimension, text, not_reported FROM staging.dimension
),
-- many to one: a logged row belongs to one study and is of at most one dimension
present AS (
    SELECT
        belongs.study_id, coding.citation_id AS shown_as, coding.record_ids, coding.reviewer, coding.role, coding.raw, coding.as_of,
        coding."group",
        coding.dimension || chr(30) || coding.answer AS said,
        coding.dimension || chr(30) || coding.code AS meant,
        coalesce(NOT dimension.text OR (dimension.not_reported AND coding.code = 'not reported'), false) AS coded,
        coding.again
    FROM coding
    JOIN belongs ON belongs.shown_as = coding.citation_id AND belongs.record_ids = coding.record_ids
    LEFT JOIN dimension ON dimension.dimension = coding.dimension
),
by_group AS (
    SELECT
        study_id, shown_as, record_ids, reviewer, role, raw, as_of, "group",
        if("group" = 0, 'study', 'group') AS reach,
        array_to_string(list_sort(list(DISTINCT said)), chr(31)) AS content,
        array_to_string(list_sort(list(DISTINCT meant) FILTER (coded)), chr(31)) AS codes,
        bool_or(again) AS again
    FROM present
    GROUP BY study_id, shown_as, record_ids, reviewer, role, raw, as_of, "group"
),
whole AS (
    SELECT
        study_id, shown_as, record_ids, reviewer, role, raw, as_of,
        coalesce(array_to_string(list_sort(list(DISTINCT reach || content)), chr(29)), '') AS content,
        coalesce(array_to_string(list_sort(list(DISTINCT reach || codes) FILTER (codes <> '')), chr(29)), '') AS codes,
        bool_or(again) AS again
    FROM by_group
    GROUP BY study_id, shown_as, record_ids, reviewer, role, raw, as_of
),
compared AS (
    SELECT
        *,
        content IS DISTINCT FROM lag(content) OVER (
            PARTITION BY study_id, shown_as, reviewer, role ORDER BY as_of, raw
        ) AS changed
    FROM whole
),
dated AS (
    SELECT
        * EXCLUDE (changed),
        max(as_of) FILTER (changed) OVER (PARTITION BY study_id, shown_as, reviewer, role ORDER BY as_of, raw) AS since
    FROM compared
),
overtaken AS (
    SELECT DISTINCT earlier.raw, earlier.shown_as, earlier.reviewer, earlier.role
    FROM dated AS earlier
    JOIN dated AS later USING (study_id, reviewer, role)
    WHERE list_has_any(earlier.record_ids, later.record_ids)
        AND (earlier.as_of, earlier.raw, earlier.shown_as) < (later.as_of, later.raw, later.shown_as)
),
final AS (
    SELECT dated.*, overtaken.raw IS NOT NULL AS superseded
    FROM dated
    LEFT JOIN overtaken USING (raw, shown_as, reviewer, role)
)
SELECT * FROM final
