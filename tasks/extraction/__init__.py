"""Stage `extraction`."""
