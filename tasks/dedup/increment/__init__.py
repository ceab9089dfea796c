"""A run that compares only records that are new or changed, with those that an earlier run has left."""
