from django.apps import AppConfig
from django.conf import settings

from portal.core.schedule.acts import Act, keep


class SiteConfig(AppConfig):
    name = "portal.site"
    label = "site"
    verbose_name = "全站"

    def ready(self) -> None:
        from .safekeeping import keeping

        def is_wanted() -> bool:
            return bool(settings.BACKUP_DIR)

        hint = "没有设置 BACKUP_DIR，不会自动备份。"
        keep(Act("backup", "备份", "30 1 * * *", keeping.back_up, is_wanted=is_wanted, hint=hint))
        keep(
            Act(
                "backup_proof",
                "备份恢复演练",
                "30 4 * * 0",
                keeping.prove_newest,
                is_wanted=is_wanted,
                hint=hint,
            )
        )
