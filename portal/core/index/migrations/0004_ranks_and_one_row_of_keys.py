from django.db import migrations, models

GATHER = {
    "sqlite": "json_group_object(name, key)",
    "postgresql": "jsonb_object_agg(name, key)",
}


def gather_keys(apps, schema_editor):
    """One row a document with its key in each order, where there was a row a key."""
    gathered = GATHER[schema_editor.connection.vendor]
    schema_editor.execute(
        f"INSERT INTO index_sortkey (collection, document, generation, keys) "
        f"SELECT collection, document, generation, {gathered} FROM index_formersortkey "
        f"GROUP BY collection, document, generation"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('index', '0003_generations'),
    ]

    operations = [
        migrations.RenameModel('SortKey', 'FormerSortKey'),
        migrations.CreateModel(
            name='SortKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.CharField(max_length=32, verbose_name='文档集')),
                ('document', models.PositiveBigIntegerField(verbose_name='文档')),
                ('generation', models.PositiveIntegerField(default=0, verbose_name='第几代')),
                ('keys', models.JSONField(verbose_name='键')),
            ],
            options={
                'verbose_name': '排序键',
                'verbose_name_plural': '排序键',
                'constraints': [models.UniqueConstraint(fields=('collection', 'document', 'generation'), name='index_sort_keys_once_a_document')],
            },
        ),
        migrations.RunPython(gather_keys, migrations.RunPython.noop),
        migrations.DeleteModel('FormerSortKey'),
        migrations.AddField(
            model_name='storedorder',
            name='halves',
            field=models.BinaryField(default=b'', verbose_name='各位名次'),
        ),
        migrations.AddField(
            model_name='storedorder',
            name='ranks',
            field=models.BinaryField(default=b'', verbose_name='名次'),
        ),
        migrations.CreateModel(
            name='KeptMasks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.CharField(max_length=32, verbose_name='文档集')),
                ('edition', models.PositiveIntegerField(verbose_name='版号')),
                ('token', models.CharField(max_length=32, verbose_name='版次标记')),
                ('built', models.CharField(max_length=80, verbose_name='建成标记')),
                ('day', models.DateField(verbose_name='日期')),
                ('names', models.JSONField(verbose_name='名称')),
                ('bitmaps', models.BinaryField(verbose_name='文档')),
                ('ranked', models.BinaryField(verbose_name='同一事物的文档')),
            ],
            options={
                'verbose_name': '版次掩码',
                'verbose_name_plural': '版次掩码',
                'constraints': [models.UniqueConstraint(fields=('collection', 'edition', 'token', 'built', 'day'), name='index_masks_once_a_moment')],
            },
        ),
    ]
