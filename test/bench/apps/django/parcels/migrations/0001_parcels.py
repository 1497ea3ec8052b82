from django.db import migrations, models


def first(apps, schema_editor):
    apps.get_model("parcels", "Parcel").objects.create(code="p-1", grams=250)


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("grams", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunPython(first),
    ]
