-- `n` numbers the records in the order in which they may found a citation: first seen, then record id. A view, since what is
-- read from a small table is worked on by one thread, and normalising is most of the work.
CREATE OR REPLACE VIEW numbering AS
SELECT review, record_id, row_number() OVER (ORDER BY review, first_seen, record_id) AS n
FROM staging.record;

-- `print` is a hash of the whole record, by which a later run sees that it is as it was.
CREATE OR REPLACE VIEW numbered AS
SELECT numbering.n, hash(record) AS print, record.*
FROM staging.record AS record
JOIN numbering USING (review, record_id);  -- 1:1
