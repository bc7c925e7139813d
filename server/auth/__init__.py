"""Who is asking: bearer tokens of clients, signatures of other servers."""
