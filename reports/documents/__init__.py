"""Everything on paper: each document says here what it is, and all are printed in one frame (`frame.py`)."""
