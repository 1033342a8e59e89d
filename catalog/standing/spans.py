"""What lies between two days, both inclusive: requirements, subsidies, adoptions, campaigns, activities, letters."""

from .conditions import Is, NotYet, Over, OverGiven, Within
from .days import SUBSIDY_SOON
from .judging import Judge, Rule, Standing

UPCOMING = Rule(Standing("upcoming"), NotYet("from_on"))
EXPIRED = Rule(Standing("expired"), Over("until_on"))
RUNNING = Standing("running", is_current=True)

SPAN = Judge((UPCOMING, EXPIRED), RUNNING)
SUBSIDY = Judge(
    (UPCOMING, EXPIRED, Rule(Standing("ending", is_current=True), Within("until_on", SUBSIDY_SOON))), RUNNING
)

LAST_DAY_PASSED = Over("last_on")
ACTIVITY = Judge(
    (
        Rule(Standing("cancelled"), Is("is_cancelled", True)),
        Rule(Standing("upcoming"), NotYet("first_on")),
        Rule(Standing("past"), LAST_DAY_PASSED),
    ),
    Standing("ongoing", is_current=True),
)

# What is said of a letter outranks its last day: its own, else that of the campaign for which it was signed, if any.
LETTER = Judge(
    (
        Rule(Standing("withdrawn"), Is("standing", "withdrawn")),
        Rule(Standing("broken"), Is("standing", "broken")),
        Rule(Standing("expired"), OverGiven("ends_on")),
    ),
    Standing("in_force", is_current=True),
)

# An agreement is over from the day on which it was ended.
AGREEMENT = Judge((Rule(Standing("expired"), Within("ended_on", 0)),), RUNNING)
