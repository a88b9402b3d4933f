"""Labelled synthetic receipts, campaign files, and what makes them."""
