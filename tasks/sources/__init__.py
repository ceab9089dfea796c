"""Stage `sources`: what the review searches. Bytes are kept as they come, and each search gets its row in the search log."""
