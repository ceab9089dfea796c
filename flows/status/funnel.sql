-- How many citations are at each place of the funnel, in the order of the review.
WITH funnel AS (
    SELECT * FROM staging.funnel
),
place(position, place, words) AS (
    VALUES
    (-1, 'automation', 'marked as ineligible by a tool'), (0, 'removed_other', 'removed before screening for another reason'),
    (1, 'awaiting_screening', 'awaiting screening'), (2, 'excluded', 'excluded at title and abstract'),
    (3, 'awaiting_retrieval', 'awaiting retrieval'), (4, 'not_retrieved', 'not retrieved'),
    (5, 'awaiting_decision', 'awaiting a decision at full text'), (6, 'report_excluded', 'excluded at full text'),
    (7, 'awaiting_classification', 'awaiting classification'), (8, 'ongoing', 'ongoing studies'), (9, 'included', 'included')
),
final AS (
    SELECT place.words, count(funnel.citation_id) AS citations
    FROM place
    LEFT JOIN funnel ON funnel.position = place.place
    GROUP BY place.position, place.words
    HAVING place.position > 0 OR count(funnel.citation_id) > 0
    ORDER BY place.position
)
SELECT * FROM final
