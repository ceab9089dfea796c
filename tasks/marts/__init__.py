"""Stage `marts`."""
