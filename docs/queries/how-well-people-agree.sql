-- How far did two people who coded the same studies agree on each dimension, and how often did a second person change a coding?
SELECT
    coalesce(verification.dimension_label, coding_agreement.dimension_label) AS dimension,
    coding_agreement.studies AS coded_by_two,
    coding_agreement.same,
    coding_agreement.alpha,
    verification.studies AS verified,
    verification.changed
FROM marts.verification AS verification
FULL JOIN marts.coding_agreement AS coding_agreement USING (review, dimension)
ORDER BY coalesce(verification.position, coding_agreement.position);
