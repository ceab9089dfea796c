-- The numbers of its PRISMA diagram.
SELECT
    $review AS review, $release_id AS release_id, (SELECT coalesce(max(number), 0) + 1 FROM log.published_box) AS number,
    arm, box, detail, n, label, position, $as_of AS as_of
FROM marts.prisma_flow
