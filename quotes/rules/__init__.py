"""Pure rules of quotes: a price is computed here and nowhere else. The playbook is an argument; nothing is stored or read."""
