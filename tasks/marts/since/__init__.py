"""The PRISMA 2020 diagram since a baseline: what came, moved or still waits, counted as the whole review is."""
