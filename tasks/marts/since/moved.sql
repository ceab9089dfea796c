-- Papers in the flow since the baseline: those that it did not have, that stand elsewhere today, or that wait today.
SELECT funnel.citation_id, funnel.arm, funnel.position, funnel.reason
FROM staging.funnel AS funnel
LEFT JOIN since.earlier AS earlier USING (citation_id, position)  -- 1:1
WHERE earlier.citation_id IS NULL OR funnel.position LIKE 'awaiting%'
