-- Where is there no study at all, or no review of the studies that there are, at organisation level?
SELECT gap.view, gap.description, gap.kind, gap.studies, gap.certain
FROM marts.gap AS gap
JOIN marts.evidence_map AS cell USING (review, view, cell)
WHERE ('level', 'organisation') IN (
    (cell.dimension_1, cell.code_1),
    (cell.dimension_2, cell.code_2),
    (cell.dimension_3, cell.code_3),
    (cell.dimension_4, cell.code_4)
)
ORDER BY gap.view, gap.cell;
