"""The line detector: its network, its data, its training and its export."""
