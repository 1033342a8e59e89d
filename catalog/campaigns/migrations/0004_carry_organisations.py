"""Organisations become records.

What comes with the project is published by `seed_facts`, in an edition of its own; a migration publishes nothing. Any other
row becomes a draft for an editor to give a source to, so that nothing that was entered is lost.
"""

from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError

COME_WITH_THE_PROJECT = (
    "工业和信息化部",
    "住房和城乡建设部",
    "农业农村部",
    "商务部",
    "国家市场监督管理总局",
    "国家乡村振兴局",
    "国家广播电视总局",
    "中国建筑材料联合会",
    "绿色建材产品认证技术委员会",
    "中国建筑材料流通协会",
    "中国木材保护工业协会",
    "中国建材工业经济研究会",
    "中国扶贫开发协会",
    "国检集团",
    "北新集团建材股份有限公司",
    "立邦投资有限公司",
    "顺达墨瑟门窗有限公司",
)


def carry(apps, schema_editor):
    version = apps.get_model("campaigns", "OrganisationVersion")
    others = apps.get_model("campaigns", "Organisation").objects.exclude(name__in=COME_WITH_THE_PROJECT)
    version.objects.bulk_create(
        version(
            organisation=row, key=f"organisation/{row.pk}", name=row.name, short_name=row.short_name, source="待补"
        )
        for row in others
    )


def give_back(apps, schema_editor):
    """Short names of drafts. Refused once something was published: the chain would miss its rows."""
    versions = apps.get_model("campaigns", "OrganisationVersion").objects
    if versions.filter(from_edition__isnull=False).exists():
        raise IrreversibleError("Organisations were published; restore a backup from before instead.")
    for draft in versions.filter(state="draft"):
        draft.organisation.short_name = draft.short_name
        draft.organisation.save()


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_organisations")]

    operations = [migrations.RunPython(carry, give_back)]
