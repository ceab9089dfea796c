-- Brings what stands up to date. A run that is killed on the way leaves `whole` false, and the next one compares everything.
UPDATE kept.about SET whole = false;

DELETE FROM kept.decision USING undecided WHERE decision.a = undecided.a AND decision.b = undecided.b;
INSERT INTO kept.decision BY NAME SELECT * FROM decision;

DELETE FROM kept.key USING key_lost WHERE key.n = key_lost.n AND key.key = key_lost.key;
INSERT INTO kept.key BY NAME SELECT * FROM key_gained;

DELETE FROM kept.identical USING identical_no_more WHERE identical.a = identical_no_more.a AND identical.b = identical_no_more.b;
INSERT INTO kept.identical BY NAME SELECT * FROM identical;

DELETE FROM kept.trait USING leaving WHERE trait.n = leaving.n;
UPDATE kept.trait SET container_doi = turned.container_doi FROM turned WHERE trait.n = turned.n;
INSERT INTO kept.trait BY NAME SELECT * FROM trait;

UPDATE kept.about SET whole = true;
