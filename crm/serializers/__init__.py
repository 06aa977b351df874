"""What the API takes and shows of accounts, contacts and the rest of this app."""
