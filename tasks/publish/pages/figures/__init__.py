"""The figures of the report: each a picture, what it shows in a sentence, and its numbers as a table."""
