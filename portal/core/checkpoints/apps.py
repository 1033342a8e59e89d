from django.apps import AppConfig
from django.conf import settings

from portal.core.schedule.acts import Act, keep


class CheckpointsConfig(AppConfig):
    name = "portal.core.checkpoints"
    label = "checkpoints"
    verbose_name = "检查点"

    def ready(self) -> None:
        from .signing import look_after
        from .timestamps import stamp

        keep(Act("log_checkpoint", "日志签名", "50 0 * * *", look_after))
        keep(
            Act(
                "log_timestamp",
                "日志时间戳",
                "55 0 * * *",
                stamp,
                is_wanted=lambda: bool(settings.LOG_TSA_URL),
                hint="没有设置 LOG_TSA_URL，不会自动取时间戳。",
            )
        )
