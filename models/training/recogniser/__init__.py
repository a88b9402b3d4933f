"""The line recogniser: what it reads, its network, its data, its training and its export."""
