-- `n` numbers the records in the order in which they may found a citation: first seen, then record id. `print` is a hash of the whole
-- record, by which a later run sees that it is as it was.
CREATE OR REPLACE VIEW numbered AS
SELECT row_number() OVER (ORDER BY review, first_seen, record_id) AS n, hash(record) AS print, record.*
FROM staging.record AS record;
