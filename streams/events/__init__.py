"""The Events API's verbs: what recording, reading, following and voting do here."""
