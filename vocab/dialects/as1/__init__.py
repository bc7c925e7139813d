"""Activity Streams 1.0: verbs and types, which Atom feeds speak as well, and JSON (Atom §3.9, §12, §13)."""
