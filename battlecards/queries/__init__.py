"""Reading cards."""
