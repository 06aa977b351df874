"""Drafts of cards, from the first word to the next version."""
