"""Reads photos of Korean receipts and screens them for a prepayment campaign."""
