"""Pure rules of cards: content, tallies, what differs, what ranks first. The playbook and today are arguments."""
