"""What a review is and where it is kept: tables, configuration, SQL engine, storage. Knows nothing of stages or Prefect."""
