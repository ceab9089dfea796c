-- Citations by the names that a file gives them, aliases among them, with the title that we hold.
WITH wanted AS (
    SELECT unnest($names::VARCHAR[]) AS name
),
alias AS (
    SELECT alias, citation_id FROM staging.citation_alias
),
final AS (
    SELECT wanted.name, citation.citation_id, coalesce(citation.title, '') AS title
    FROM wanted
    LEFT JOIN alias ON alias.alias = wanted.name
    JOIN staging.citation AS citation ON citation.citation_id = coalesce(alias.citation_id, wanted.name)
)
SELECT * FROM final
