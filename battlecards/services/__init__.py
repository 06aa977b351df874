"""Writing cards: what editors, readers, people with news and the beat do."""
