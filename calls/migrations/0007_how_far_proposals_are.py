"""Up to which number of its notebook a call's notes were looked through for proposals. Until now that was done with each note."""

from django.db import migrations, models
from django.db.models import F


def all_of_them(apps, schema_editor):
    apps.get_model("calls", "Notebook").objects.update(proposed=F("sequence"))


class Migration(migrations.Migration):
    dependencies = [("calls", "0006_what_recaps_are_made_of")]
    operations = [
        migrations.AddField("notebook", "proposed", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(all_of_them, migrations.RunPython.noop, elidable=True),
    ]
