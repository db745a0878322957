import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tasks", "0003_streams"),
    ]

    operations = [
        migrations.AlterField(
            model_name="board",
            name="stream",
            field=models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="workspaces.stream"),
        ),
    ]
