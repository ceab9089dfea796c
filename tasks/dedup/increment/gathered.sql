-- The forms of the unchanged partners beside those of the records that came.
UPDATE form SET container_doi = partner.container_doi
FROM partner
WHERE partner.n = form.n;

INSERT INTO form BY NAME
SELECT * FROM arrived;
