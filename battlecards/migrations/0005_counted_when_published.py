"""What lists show of a version is counted once, when it is published; looks at cards are counted by an index."""

from django.db import migrations, models
from django.db.models import Count, Q

NAMES = ("claims", "us", "them", "tie")


def count(apps, schema_editor):
    """Of the versions published before."""
    versions, placed = apps.get_model("battlecards", "CardVersion"), apps.get_model("battlecards", "Placed")
    found = placed.objects.filter(wording__retired=False).order_by().values_list("version")
    winners = {name: Count("pk", filter=Q(wording__kind="row", wording__winner=name)) for name in NAMES[1:]}
    for version, *counts in found.annotate(claims=Count("pk"), **winners):
        versions.objects.filter(pk=version).update(**dict(zip(NAMES, counts, strict=True)))


class Migration(migrations.Migration):
    dependencies = [("battlecards", "0004_drafts_meet_what_was_published")]
    operations = [
        *(
            migrations.AddField("cardversion", name, models.PositiveIntegerField(default=0))
            for name in NAMES
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AddIndex(
            "use", models.Index(fields=["at", "card"], condition=Q(claim__isnull=True), name="use_views")
        ),
    ]
