-- Papers in the flow since the baseline: those that it did not have, that stand elsewhere today, or that wait today.
SELECT funnel.citation_id, funnel.arm, funnel.position, funnel.reason
FROM staging.funnel AS funnel
LEFT JOIN before.citation AS earlier USING (citation_id)  -- 1:1
WHERE earlier.position IS DISTINCT FROM funnel.position OR funnel.position LIKE 'awaiting%'
