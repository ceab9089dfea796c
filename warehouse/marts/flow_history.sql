-- The boxes of the PRISMA diagram in each release up to this one.
WITH said AS (
    SELECT number, release_id, as_of, arm, box, n FROM log.published_box WHERE detail = ''
    UNION ALL
    SELECT number, release_id, as_of, arm, box, n FROM after.box WHERE detail = ''
),
final AS (
    SELECT $review AS review, said.* FROM said
)
SELECT * FROM final
