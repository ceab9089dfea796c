"""The files of a review folder as models."""
