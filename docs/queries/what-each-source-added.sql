-- What did each source bring, and what did no other have? (A paper that several have counts for each: do not add the rows up.)
SELECT database, records, citations, citations_alone, studies, studies_alone
FROM marts.source_yield
ORDER BY citations DESC, database;
