"""What happens with the customer on the line: discovery calls from plan to review."""
