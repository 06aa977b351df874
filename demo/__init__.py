"""A made-up sales team with two years of history, for trying the product out. Nothing imports it."""
