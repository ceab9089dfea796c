-- Leaves the comparisons of this run for the next one.
CREATE TABLE kept.about AS SELECT $fingerprint AS fingerprint, false AS whole;

CREATE TABLE kept.trait AS SELECT * FROM trait;
CREATE TABLE kept.identical AS SELECT * FROM identical;
CREATE TABLE kept.key AS SELECT * FROM key;
CREATE TABLE kept.decision AS SELECT * FROM decision;

UPDATE kept.about SET whole = true;
