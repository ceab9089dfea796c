"""Stage `records`: every file that was received becomes records or quarantine, and the search log says how many of each."""
