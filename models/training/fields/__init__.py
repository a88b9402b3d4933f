"""The choice among candidates and the trust in it, learned from what the reader read."""
