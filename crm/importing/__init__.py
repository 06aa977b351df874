"""Bringing foreign tables in: read, map, plan, write, undo.

`reading` makes a table of a file, `mapping` says what its columns mean, `plan` turns rows into typed records and remarks
without touching the database, `run` writes a plan in short transactions and keeps a ledger, `undo` takes a run back.
Nothing here knows a vendor: what a folder looks like is a mapping file, what can be brought is in `crm.registry.import_kinds`.
"""
