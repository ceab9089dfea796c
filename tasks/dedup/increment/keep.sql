-- Brings what stands up to date. A run that is killed on the way leaves `whole` false, and the next one compares everything.
UPDATE standing.about SET whole = false;

DELETE FROM standing.decision USING undecided WHERE decision.a = undecided.a AND decision.b = undecided.b;
INSERT INTO standing.decision BY NAME SELECT * FROM decision;

DELETE FROM standing.key USING key_lost WHERE key.n = key_lost.n AND key.key = key_lost.key;
INSERT INTO standing.key BY NAME SELECT * FROM key_gained;

DELETE FROM standing.identical USING identical_no_more WHERE identical.a = identical_no_more.a AND identical.b = identical_no_more.b;
INSERT INTO standing.identical BY NAME SELECT * FROM identical;

DELETE FROM standing.trait USING leaving WHERE trait.n = leaving.n;
UPDATE standing.trait SET container_doi = turned.container_doi FROM turned WHERE trait.n = turned.n;
INSERT INTO standing.trait BY NAME SELECT * FROM trait;

UPDATE standing.about SET whole = true;
