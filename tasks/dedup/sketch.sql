-- What shows of a record whether its DOI names one paper, and whether another record is the same throughout.
CREATE OR REPLACE VIEW sketch AS
SELECT n, review, content, doi, family, title[:12] AS opening, title[-12:] AS ending, first_page
FROM form;

CREATE OR REPLACE VIEW bearing AS
SELECT * FROM sketch;
