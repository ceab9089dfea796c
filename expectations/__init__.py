"""The gate before each release: what must hold of every table, and the verdict when it does not."""
