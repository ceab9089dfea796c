"""The refresh as a Prefect flow, and the command line. No domain logic."""
