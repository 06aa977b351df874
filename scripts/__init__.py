"""What ./dev calls: run, test, check. Programs, not part of the product's own imports."""
