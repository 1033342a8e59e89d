"""The states of the registers, and which of them outranks which."""

from portal.core.pages.statuses import word_of

from .conditions import Is, Over, Unknown, Within
from .days import SOON
from .judging import Judge, Rule, Standing

# What the body says comes first, then the date.
REVOKED = Rule(Standing("revoked"), Is("status", "revoked"))
CANCELLED = Rule(Standing("cancelled"), Is("status", "cancelled"))
CERTIFICATE_SUSPENDED = Rule(Standing("suspended"), Is("status", "suspended"))
EXPIRED = Rule(Standing("expired"), Over("valid_until"))
ENDING = Rule(Standing("ending", is_current=True), Within("valid_until", SOON))
VALID = Standing("valid", is_current=True)

CERTIFICATE = Judge((REVOKED, CANCELLED, CERTIFICATE_SUSPENDED, EXPIRED, ENDING), VALID)

# What a publisher says of a line: removal outranks a hold, a hold outranks a suspension.
HELD = Rule(Standing("checking"), Is("is_held", True))
LISTING = Judge(
    (
        Rule(Standing("removed"), Is("listing_status", "removed")),
        HELD,
        Rule(Standing("suspended"), Is("listing_status", "suspended")),
    ),
    Standing("listed", is_current=True),
)

# What a listed product rests on. A certificate of which nothing is public proves nothing.
GROUNDS = Judge(
    (
        Rule(Standing("local", is_current=True), Is("basis", "local")),
        Rule(EXPIRED.standing, Unknown("valid_until")),
    ),
    VALID,
).refined(CERTIFICATE)
PRODUCT = LISTING.refined(GROUNDS)

# What `/check/` says of a certificate in one word: its body first, then the date, then what the lists say.
FINDING = Judge(
    (
        REVOKED,
        CANCELLED,
        CERTIFICATE_SUSPENDED,
        Rule(Standing("replaced"), Is("is_replaced", True)),
        EXPIRED,
        HELD,
        Rule(Standing("off_list"), Is("is_off_list", True)),
        ENDING,
    ),
    VALID,
)

# 「核查中」, the last day included.
HOLD = Judge(
    (Rule(Standing("lifted"), Is("is_lifted", True)), Rule(Standing("over"), Over("until_on"))),
    Standing("checking", is_current=True),
)

CURRENT = "current"  # of the filter: every state that default lists show
ALL = "all"
# The values of the filter besides 现行 and 全部, in the order in which they are offered.
ASKED = ("ending", "expired", "suspended", "checking", "revoked", "cancelled", "removed")
SHOWN = {
    CURRENT,
    *(one.code for judge in (LISTING, GROUNDS) for one in judge.standings.values() if one.is_current),
}


def filter_words(judge: Judge) -> dict[str, str]:
    """Value and label of a filter over the states of a judge."""
    asked = [code for code in ASKED if code in judge.standings]
    return {CURRENT: word_of("listed"), **{code: word_of(code) for code in asked}, ALL: "全部状态"}
