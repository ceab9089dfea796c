-- Where its citations are.
SELECT $review AS review, $release_id AS release_id, citation_id, position, $as_of AS as_of FROM staging.funnel
