"""What every endpoint of the REST API stands on: one shape of error, ETags, strict bodies and filters, keyset pages."""
