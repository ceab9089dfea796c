-- An alias is never the id of a citation that is here, and leads to one that is.
WITH aliases AS (
    SELECT review, alias, citation_id FROM staging.citation_alias
),
citations AS (
    SELECT review, citation_id, true AS here FROM staging.citation
),
final AS (
    SELECT
        aliases.review, aliases.alias, aliases.citation_id,
        coalesce(same.here, false) AS alias_is_a_citation, coalesce(target.here, false) AS leads_to_a_citation
    FROM aliases
    LEFT JOIN citations AS same ON same.review = aliases.review AND same.citation_id = aliases.alias
    LEFT JOIN citations AS target ON target.review = aliases.review AND target.citation_id = aliases.citation_id
    WHERE same.here OR target.here IS NULL
)
SELECT * FROM final
