"""How the models were made: one file or folder for each."""
