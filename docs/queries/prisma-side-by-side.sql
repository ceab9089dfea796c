-- What are the numbers of the PRISMA diagram, its two arms side by side?
SELECT
    box_label AS box,
    sum(n) FILTER (arm = 'databases')::INTEGER AS databases_and_registers,
    sum(n) FILTER (arm = 'other')::INTEGER AS other_methods,
    sum(n) FILTER (arm = 'both')::INTEGER AS together
FROM marts.prisma_flow
WHERE detail = ''
GROUP BY box_label
ORDER BY min(position);
