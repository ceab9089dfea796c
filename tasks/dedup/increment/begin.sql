-- Leaves the comparisons of this run for the next one.
CREATE TABLE standing.about AS SELECT $fingerprint AS fingerprint, false AS whole;

CREATE TABLE standing.trait AS SELECT * FROM trait;
CREATE TABLE standing.identical AS SELECT * FROM identical;
CREATE TABLE standing.key AS SELECT * FROM key;
CREATE TABLE standing.decision AS SELECT * FROM decision;

UPDATE standing.about SET whole = true;
