from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce


def say_since_when(apps, schema_editor):
    """The log told of moves before; what is known of all cards is when they were made or done."""
    cards = apps.get_model("tasks", "Card").objects.filter(column_since=None)
    cards.update(column_since=Coalesce(F("done_at"), F("created_at")))


class Migration(migrations.Migration):

    dependencies = [
        ("tasks", "0005_cards_in_depth"),
    ]

    operations = [
        migrations.RunPython(say_since_when, migrations.RunPython.noop),
    ]
