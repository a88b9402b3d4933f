"""Documents that are no receipts: what else people photograph, to learn it from and to test by."""
