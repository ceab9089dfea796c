"""Releases where other machines read them: any URL that fsspec knows, by preference an object store."""
