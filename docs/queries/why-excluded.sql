-- Why were reports excluded at full text, and how many for each reason?
SELECT label AS reason, sum(n)::INTEGER AS reports
FROM marts.prisma_flow
WHERE box = 'report_excluded' AND detail <> ''
GROUP BY label
ORDER BY reports DESC, reason;
