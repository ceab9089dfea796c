"""One package a stage, in the order of the data: sources, records, dedup, screening, extraction, marts, publish."""
