"""Dialects: the same activity, spelt for one door. Each is a file of pure functions."""
