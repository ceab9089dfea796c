-- What the steps after the comparisons read is what stands.
DROP TABLE IF EXISTS trait;
DROP TABLE IF EXISTS identical;
DROP TABLE IF EXISTS decision;
DROP TABLE IF EXISTS key;

CREATE VIEW trait AS SELECT * FROM kept.trait;
CREATE VIEW identical AS SELECT * FROM kept.identical;
CREATE VIEW decision AS SELECT * FROM kept.decision;
