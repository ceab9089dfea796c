-- Where the search for each full text stands: the latest status. A copy that arrived for one of two papers that were merged is
-- here, whatever was said later of the other.
CREATE OR REPLACE TEMP TABLE retrieved AS
WITH judgement AS (SELECT * FROM judgement WHERE kind = 'retrieval' AND NOT superseded),
final AS (
    SELECT
        citation_id,
        CASE WHEN bool_or(decision = 'arrived') THEN 'arrived' ELSE arg_max(decision, place) END AS status
    FROM judgement
    GROUP BY citation_id
)
SELECT * FROM final
