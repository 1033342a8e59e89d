from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                (
                    "id",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="编号"),
                ),
                ("process", models.CharField(max_length=200, verbose_name="进程")),
                ("host", models.CharField(max_length=100, verbose_name="主机")),
                ("started_at", models.DateTimeField(verbose_name="启动时间")),
                ("beat_at", models.DateTimeField(db_index=True, verbose_name="最近心跳")),
                ("stopped_at", models.DateTimeField(null=True, verbose_name="停止时间")),
            ],
            options={
                "verbose_name": "任务进程",
                "verbose_name_plural": "任务进程",
                "ordering": ["-beat_at"],
            },
        ),
    ]
