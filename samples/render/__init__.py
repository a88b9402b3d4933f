"""Makes labelled photographs of receipts that no shop ever printed."""
