from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tasks", "0006_column_since"),
    ]

    operations = [
        migrations.AlterField(
            model_name="card",
            name="column_since",
            field=models.DateTimeField(),
        ),
    ]
