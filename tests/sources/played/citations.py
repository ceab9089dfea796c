"""Citations are chased at OpenAlex."""

from tests.sources.played.openalex import make as make
