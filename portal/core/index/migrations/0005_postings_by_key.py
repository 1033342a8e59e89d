import django.db.models.deletion
from django.db import migrations, models
from psycopg2.extras import execute_values

from portal.core.index.keys import key_of

ROWS_A_STEP = 5_000
READ = (
    "SELECT former.id, former.collection_id, term, former.generation, bitmap FROM index_formerposting former "
    "JOIN index_indexstate state ON state.collection = former.collection_id AND state.generation = former.generation "
    "WHERE former.id > %s ORDER BY former.id LIMIT %s"
)
WRITE = "INSERT INTO index_posting (id, collection_id, term, generation, bitmap) VALUES "


def forget_what_is_not_read(apps, schema_editor):
    """A rebuild that was broken off: the next one begins anew."""
    for table in ("index_sortkey", "index_storedorder"):
        schema_editor.execute(
            f"DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM index_indexstate state "
            f"WHERE state.collection = {table}.{'collection_id' if 'order' in table else 'collection'} "
            f"AND state.generation = {table}.generation)"
        )
    apps.get_model("index", "IndexState").objects.update(building=None, touched=b"")


def give_keys(apps, schema_editor):
    connection, last = schema_editor.connection, 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(READ, [last, ROWS_A_STEP])
            found = cursor.fetchall()
            if not found:
                return
            last = found[-1][0]
            rows = [(key_of(row[1], row[2], row[3]), *row[1:4], bytes(row[4])) for row in found]
            if connection.vendor == "postgresql":
                execute_values(cursor.cursor, WRITE + "%s", rows)
            else:
                cursor.executemany(WRITE + "(%s, %s, %s, %s, %s)", rows)


class Migration(migrations.Migration):

    dependencies = [
        ('index', '0004_ranks_and_one_row_of_keys'),
    ]

    operations = [
        migrations.RunPython(forget_what_is_not_read, migrations.RunPython.noop),
        migrations.RenameModel('Posting', 'FormerPosting'),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=96, verbose_name='词项')),
                ('generation', models.PositiveIntegerField(default=0, verbose_name='第几代')),
                ('bitmap', models.BinaryField(verbose_name='文档')),
                ('collection', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='postings', to='index.indexstate')),
            ],
            options={
                'verbose_name': '倒排',
                'verbose_name_plural': '倒排',
            },
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.DeleteModel('FormerPosting'),
    ]
