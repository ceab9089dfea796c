"""Screening: who has to decide what, what came back, and where every citation stands."""
