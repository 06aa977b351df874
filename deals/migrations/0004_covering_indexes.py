"""The indexes lists are walked by also hold what lists are narrowed by, so that PostgreSQL skips the rows of other people
without looking at them: a manager's fifty deals of a million are found among thousands of entries of an index.

They keep their names, and the models know them without the added columns: SQLite has no such indexes and, serving one
machine, does without.
"""

from django.db import migrations

LISTS = {
    "deal_open_close": ("close_sort, id", "owner_id, stage, account_id", "outcome = 'open'"),
    "deal_open_amount": ("amount_sort, id", "owner_id, stage, account_id", "outcome = 'open'"),
    "deal_stage_close": ("stage, close_sort, id", "owner_id, outcome", ""),
    "deal_close": ("close_sort, id", "owner_id, stage, outcome", ""),
    "deal_amount": ("amount_sort, id", "owner_id, stage, outcome", ""),
    "deal_name": ("name_key, id", "owner_id, stage, outcome", ""),
    "deal_created": ("created_at, id", "owner_id, stage, outcome", ""),
    "deal_updated": ("updated_at, id", "owner_id, stage, outcome", ""),
    "deal_stage_entered": ("stage_entered_at, id", "owner_id, stage, outcome", ""),
}
"""Name: the columns it sorts by, those it only holds, and the rows it has."""
OTHERS = {
    # From a score, in order, to whether its deal is open and whose it is.
    "deal_open_reach": ("id", "owner_id, stage", "outcome = 'open'"),
    # From the accounts a search found to their open deals.
    "deal_open_account": ("account_id", "owner_id, close_sort, id, stage", "outcome = 'open'"),
}


def create(schema_editor, name, columns, held, rows):
    held = f" INCLUDE ({held})" if held else ""
    rows = f" WHERE {rows}" if rows else ""
    schema_editor.execute(f"CREATE INDEX {name} ON deals_deal ({columns}){held}{rows}")


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (columns, held, rows) in LISTS.items():
        schema_editor.execute(f"DROP INDEX {name}")
        create(schema_editor, name, columns, held, rows)
    for name, (columns, held, rows) in OTHERS.items():
        create(schema_editor, name, columns, held, rows)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (columns, _, rows) in LISTS.items():
        schema_editor.execute(f"DROP INDEX {name}")
        create(schema_editor, name, columns, "", rows)
    for name in OTHERS:
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("deals", "0003_share_with_teams")]
    operations = [migrations.RunPython(add, remove, elidable=False)]
