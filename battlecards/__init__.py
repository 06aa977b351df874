"""What to say against whom: cards and their versions, objections, messaging, intel events, use and feedback."""
