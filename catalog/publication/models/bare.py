"""Certificate numbers without their marks, as the database compares them."""

from functools import reduce

from django.db.models import CharField, Func

from portal.core.text.normalise import NUMBER_MARKS


class Bare(Func):
    """`portal.core.text.normalise.bare_number` of a folded number: by an index, so it costs the same in any register.

    The marks stand in the statement itself, for SQLite takes an index only for the very expression it was made of. Whoever
    changes NUMBER_MARKS makes the index anew by a migration.
    """

    template = reduce(lambda inner, mark: f"replace({inner}, '{mark}', '')", NUMBER_MARKS, "%(expressions)s")
    arity = 1
    output_field = CharField()
