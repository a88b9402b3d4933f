"""How two readings of a line are weighed against each other, learned from what both read."""
