"""What stands on a receipt, section by section; tables/families.toml puts the sections in order."""
