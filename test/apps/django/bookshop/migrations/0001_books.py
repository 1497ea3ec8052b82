from django.db import migrations, models


def stock(apps, schema_editor):
    apps.get_model("bookshop", "Book").objects.create(title="The Old Man and the Sea")


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
            ],
        ),
        migrations.RunPython(stock),
    ]
