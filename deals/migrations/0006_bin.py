"""Deals that are deleted softly, and the indexes of lists narrowed to those that are not.

A list asks for what is not deleted. An index of no other rows answers that by itself; one of all rows would have to look at
each row it skips. On PostgreSQL the indexes hold the columns of 0004 and 0005 besides.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


OPEN = "outcome = 'open'"
INDEXES = {
    "deal_open_close": ("close_sort, id", "owner_id, stage, account_id, name_key", OPEN),
    "deal_open_amount": ("amount_sort, id", "owner_id, stage, account_id", OPEN),
    "deal_open_owner_close": ("owner_id, close_sort, id", "", OPEN),
    "deal_stage_close": ("stage, close_sort, id", "owner_id, outcome", ""),
    "deal_close": ("close_sort, id", "owner_id, stage, outcome", ""),
    "deal_owner_close": ("owner_id, close_sort, id", "", ""),
    "deal_amount": ("amount_sort, id", "owner_id, stage, outcome", ""),
    "deal_name": ("name_key, id", "owner_id, stage, outcome", ""),
    "deal_created": ("created_at, id", "owner_id, stage, outcome", ""),
    "deal_updated": ("updated_at, id", "owner_id, stage, outcome", ""),
    "deal_stage_entered": ("stage_entered_at, id", "owner_id, stage, outcome", ""),
}
"""Name: the columns it sorts by, those it only holds, and the rows it has."""
ON_POSTGRES = {
    "deal_open_reach": ("id", "owner_id, stage", OPEN),
    "deal_open_account": ("account_id", "owner_id, close_sort, id, stage", OPEN),
}


def make_again(schema_editor, there):
    on_postgres = schema_editor.connection.vendor == "postgresql"
    for name, (columns, held, rows) in (INDEXES | (ON_POSTGRES if on_postgres else {})).items():
        include = f" INCLUDE ({held})" if held and on_postgres else ""
        where = " AND ".join(part for part in (rows, there) if part)
        schema_editor.execute(f"DROP INDEX {name}")
        schema_editor.execute(
            f"CREATE INDEX {name} ON deals_deal ({columns}){include}" + (f" WHERE {where}" if where else "")
        )


def narrow(apps, schema_editor):
    make_again(schema_editor, "deleted_at IS NULL")


def widen(apps, schema_editor):
    make_again(schema_editor, "")


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0006_bin'),
        ('deals', '0005_names_in_the_open_list'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deal',
            name='deleted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='deal',
            name='deleted_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deal',
            name='deleted_with',
            field=models.CharField(blank=True, default='', editable=False, max_length=60),
        ),
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at', 'id'], name='deal_in_bin'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(narrow, widen, elidable=False)],
            state_operations=[
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_open_close',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_open_owner_close',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_stage_close',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_open_amount',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_close',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_owner_close',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_amount',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_name',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_created',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_updated',
                ),
                migrations.RemoveIndex(
                    model_name='deal',
                    name='deal_stage_entered',
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('outcome', 'open'), ('deleted_at__isnull', True)), fields=['close_sort', 'id'], name='deal_open_close'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('outcome', 'open'), ('deleted_at__isnull', True)), fields=['owner', 'close_sort', 'id'], name='deal_open_owner_close'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['stage', 'close_sort', 'id'], name='deal_stage_close'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('outcome', 'open'), ('deleted_at__isnull', True)), fields=['amount_sort', 'id'], name='deal_open_amount'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['close_sort', 'id'], name='deal_close'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['owner', 'close_sort', 'id'], name='deal_owner_close'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['amount_sort', 'id'], name='deal_amount'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['name_key', 'id'], name='deal_name'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['created_at', 'id'], name='deal_created'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['updated_at', 'id'], name='deal_updated'),
                ),
                migrations.AddIndex(
                    model_name='deal',
                    index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['stage_entered_at', 'id'], name='deal_stage_entered'),
                ),
            ],
        ),
    ]
