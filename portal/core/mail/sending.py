"""Writing a message and having it sent: it is kept at once, and leaves by the job worker after the commit."""

import datetime
import logging
import smtplib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.accounts.sealing import seal, unsealed
from portal.core.jobs import terms

from .models import Message

State = Message.State
TRIES = 3
BETWEEN_TRIES = datetime.timedelta(minutes=5)
ONLY_IN_THE_LETTER = "（只写在邮件里，这里不保存）"
NO_SERVER = "未设置邮件服务器"
NO_ADDRESS = "账号没有邮箱"
LOST = "密封内容无法打开，请重新申请。"
BROKE = "发送这封邮件的任务没有完成：{why}"
REFUSED = "邮件服务器没有接收（{fault}）。"

logger = logging.getLogger(__name__)


def write(
    template_base: str,
    *,
    to: User | str,
    context: dict[str, Any],
    link: str,
    address: str,
    secrets: Mapping[str, str],
) -> Message:
    """Keep the message, and order the letter where there is a server and an address."""
    recipient = to if isinstance(to, User) else None
    address = address or (to.email if isinstance(to, User) else to)
    values = {"site_url": settings.SITE_URL, "link": link, **context}
    kept = values | dict.fromkeys(secrets, ONLY_IN_THE_LETTER)
    message = Message(
        recipient=recipient,
        address=address,
        subject=" ".join(drawn(f"{template_base}_subject", kept).split())[:200],
        text=drawn(template_base, kept),
        link=link,
    )
    hindrance = "" if settings.HAS_MAIL_SERVER and address else NO_ADDRESS if not address else NO_SERVER
    if hindrance:
        message.state, message.failure = State.KEPT, hindrance
    elif secrets:
        message.sealed = seal(drawn(template_base, {**values, **secrets}))
    message.save()
    if not hindrance:
        order(message)
    return message


def drawn(name: str, values: dict[str, Any]) -> str:
    """A letter is plain text: nothing in it is escaped for HTML, whatever its template forgets to say."""
    template: Any = get_template(f"mail/{name}.txt")
    return template.template.render(Context(values, autoescape=False)).strip()


def order(message: Message) -> None:
    terms.order(deliver, message.pk)


def give_up(message_id: int, *, sentence: str) -> None:
    """A letter on which the job itself breaks: it stays readable here, and staff see that it did not leave."""
    message = Message.objects.filter(pk=message_id, state=State.WAITING).first()
    if message is not None:
        end(message, State.FAILED, BROKE.format(why=sentence))


@terms.job(seconds=90, given_up=give_up)
def deliver(message_id: int) -> None:
    """Hand one letter to the server. A refusal is tried again later, three times in all; then its sentence stays."""
    message = Message.objects.filter(pk=message_id, state=State.WAITING).first()
    if message is None:
        return
    if not settings.HAS_MAIL_SERVER:  # it was taken away since
        end(message, State.KEPT, NO_SERVER)
        return
    text = unsealed(message.sealed) if message.sealed else message.text
    if text is None:
        end(message, State.FAILED, LOST)
        return
    message.tries += 1
    try:
        letter = EmailMessage(message.subject, text, settings.DEFAULT_FROM_EMAIL, [message.address])
        letter.send()
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        logger.warning("Message %s was not sent: %s", message.pk, type(fault).__name__)
        end(message, State.FAILED if message.tries >= TRIES else State.WAITING, sentence_of(fault))
        if message.state == State.WAITING:
            try_again(message)
    else:
        message.sent_at = timezone.now()
        end(message, State.SENT, "")


def end(message: Message, state: str, failure: str) -> None:
    """The sealed part goes with the letter, and with the last failure: nobody may read it out of the database later."""
    message.state, message.failure = state, failure[:300]
    if state != State.WAITING:
        message.sealed = ""
    message.save(update_fields=["state", "failure", "tries", "sent_at", "sealed"])


def try_again(message: Message) -> None:
    if deliver.get_backend().supports_defer:
        deliver.using(run_after=timezone.now() + BETWEEN_TRIES).enqueue(message.pk)
    else:
        deliver.enqueue(message.pk)


def sentence_of(fault: Exception) -> str:
    """Without what the server said: it may name the address."""
    code = getattr(fault, "smtp_code", "")
    return REFUSED.format(fault=f"{type(fault).__name__} {code}".strip())


def send_again(message: Message) -> None:
    """A failed message whose whole text is kept is ordered anew."""
    message.tries, message.state = 0, State.WAITING
    message.save(update_fields=["tries", "state"])
    order(message)
