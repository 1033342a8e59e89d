"""Cases at the review desk of the demonstration: one of a newcomer, one with products, one sent back."""

import datetime
import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.models import Application, ApplicationKind, Purpose
from portal.applications.cases.reasons import Reason
from portal.applications.cases.workflow import drafting, handing_in, starting
from portal.applications.review import deciding
from portal.core.accounts.models import User

from .desk import Desk
from .people import enterprise_account
from .world import Maker

CONTACT = {"contact_person": "示例联系人", "contact_phone": "0000-88000000"}
BODY = "demo"


def file_cases(desk: Desk, *, maker: User, makes: Enterprise, newcomer: Maker) -> None:
    """`maker` acts for an enterprise that is listed; the newcomer's own account asks for its registration."""
    Membership.objects.create(
        enterprise=makes, user=maker, role=Membership.Role.OWNER, given_by=desk.people.reviewer
    )
    _ask_for_products(desk, maker, makes)
    _sent_back(desk, _ask_for_change(maker, makes))
    _register(newcomer)


def _ask_for_products(desk: Desk, by: User, enterprise: Enterprise) -> Application:
    values = {
        "body": BODY,
        "number": f"SL-CGP-{desk.today.year}-9001",
        "star": "2",
        "applicant_name": enterprise.name,
        "maker_name": enterprise.name,
        "factory_name": enterprise.name,
        "issued_on": (desk.today - datetime.timedelta(days=20)).isoformat(),
        "valid_until": (desk.today + datetime.timedelta(days=5 * 365)).isoformat(),
    }
    case = starting.start(ApplicationKind.PRODUCT, by=by, enterprise=enterprise, values=values)
    rows = [
        {"name": f"示例外墙涂料 {kind}", "models_text": models, "brand": "示例", "category": "304"}
        for kind, models in (("平涂", "20 kg"), ("质感", "20 kg、25 kg"), ("真石", "25 kg"))
    ]
    case = drafting.set_items(case, by=by, rows=rows, revision=case.revision)
    return _handed_in(case, Purpose.CERTIFICATE)


def _ask_for_change(by: User, enterprise: Enterprise) -> Application:
    values = {"phone": "0000-88009999", "sells_in": "全国"}
    case = starting.start(
        ApplicationKind.CHANGE, by=by, enterprise=enterprise, values=values, personal=CONTACT
    )
    return _handed_in(case, Purpose.OTHER)


def _sent_back(desk: Desk, case: Application) -> None:
    reasons = [
        Reason("phone", "wrong"),
        Reason("documents", "unreadable", "请把营业执照拍正、拍清楚（演示）"),
    ]
    deciding.send_back(case, by=desk.people.reviewer, reasons=reasons)


def _register(newcomer: Maker) -> None:
    by = enterprise_account("newcomer", "新企业经办人（演示）")
    values = {
        "name": newcomer.name,
        "division": newcomer.division,
        "address": "示例镇建材街 18 号（虚构）",
        "phone": newcomer.phone,
        "sells_in": "全国",
    }
    case = starting.start(
        ApplicationKind.REGISTER, by=by, uscc=newcomer.uscc, values=values, personal=CONTACT
    )
    _handed_in(case, Purpose.LICENCE, Purpose.AUTHORISATION)


def _handed_in(case: Application, *purposes: str) -> Application:
    for purpose in purposes:
        name = f"{Purpose(purpose).label}（演示）.png"
        drafting.add_document(
            case,
            by=case.created_by,
            purpose=purpose,
            content=_specimen(f"{case.number} {purpose}"),
            name=name,
        )
    case.refresh_from_db()
    return handing_in.submit(case, by=case.created_by, revision=case.revision)


def _specimen(words: str) -> bytes:
    """A sheet that says what it is and could be taken for nobody's papers; no two are the same."""
    sheet = Image.new("RGB", (840, 594), "white")
    pen: Any = ImageDraw.Draw(sheet)
    pen.rectangle((20, 20, 820, 574), outline="black", width=3)
    large, small = ImageFont.load_default(40), ImageFont.load_default(24)
    pen.text((60, 240), "SPECIMEN\nDEMONSTRATION ONLY", fill="black", font=large)
    pen.text((60, 360), words, fill="black", font=small)
    target = io.BytesIO()
    sheet.save(target, "PNG")
    return target.getvalue()
