"""What two receipts share, and how much each likeness says."""
