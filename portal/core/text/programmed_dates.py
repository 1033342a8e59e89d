"""Days as other programs write them: Java, Oracle, JSON, and people who write the year in characters. None where it is no such text.

Only what can mean one day: 05-6月-29 and 06/05/2029 mean two.
"""

import re
from datetime import date, datetime, timedelta, timezone

_SHANGHAI = timezone(timedelta(hours=8))
_MONTHS = {
    name: at
    for at, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = r"(?:\s+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AP]M)?)?"
_JAVA = re.compile(
    rf"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+{_MONTH}\s+(\d{{1,2}})\s+(\d{{2}}):(\d{{2}}):(\d{{2}})\s+(\S+)\s+(\d{{4}})",
    re.I,
)
_HERE, _UTC = {"cst", "gmt+08:00", "gmt+8", "+0800", "asia/shanghai", "prc"}, {"utc", "gmt", "z", "+0000"}
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[\s-]+{_MONTH}[\s,-]+(\d{{4}}){_CLOCK}", re.I)
_MONTH_FIRST = re.compile(rf"{_MONTH}\s+(\d{{1,2}}),?\s+(\d{{4}}){_CLOCK}", re.I)
_RUN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[01]\d|2[0-3])[0-5]\d[0-5]\d", re.ASCII)
_EPOCH = re.compile(r"(?:/?Date\()?(\d{10}|\d{13})\)?/?(?:\.0+)?", re.ASCII | re.I)
_CHARACTERS = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十元]{1,3})月([一二三四五六七八九十廿卅]{1,3})[日号]?"
)
_DIGITS = {char: str(at) for at, char in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_TENS = {"廿": "二十", "卅": "三十", "元": "一"}


def programmed_day(text: str) -> date | None:
    """Raises ValueError for a day that no calendar has."""
    text = text.strip()
    if match := _JAVA.fullmatch(text):
        month, day, hour, minute, second, zone, year = match.groups()
        moment = datetime(
            int(year), _MONTHS[month[:3].lower()], int(day), int(hour), int(minute), int(second)
        )
        return _in_shanghai(moment, zone.lower())
    if match := _DAY_FIRST.fullmatch(text):
        return date(int(match[3]), _MONTHS[match[2][:3].lower()], int(match[1]))
    if match := _MONTH_FIRST.fullmatch(text):
        return date(int(match[3]), _MONTHS[match[1][:3].lower()], int(match[2]))
    if match := _RUN.fullmatch(text):
        return date(*map(int, match.groups()))
    if match := _CHARACTERS.fullmatch(text):
        year = int("".join(_DIGITS[char] for char in match[1]))
        return date(year, small_number(match[2]), small_number(match[3]))
    return _of_epoch(text)


def _in_shanghai(moment: datetime, zone: str) -> date | None:
    if zone in _HERE:
        return moment.date()
    return (moment + timedelta(hours=8)).date() if zone in _UTC else None


def _of_epoch(text: str) -> date | None:
    """Seconds or milliseconds since 1970; ten digits that begin with a day may be that day and an hour."""
    if not (match := _EPOCH.fullmatch(text)):
        return None
    digits = match[1]
    if len(digits) == 10 and _begins_with_day(digits):
        return None
    seconds = int(digits) // (1000 if len(digits) == 13 else 1)
    return datetime.fromtimestamp(seconds, _SHANGHAI).date()


def _begins_with_day(digits: str) -> bool:
    try:
        return 1990 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100
    except ValueError:
        return False


def small_number(text: str) -> int:
    """一 to 九十九."""
    for short, long in _TENS.items():
        text = text.replace(short, long)
    tens, ten, ones = text.rpartition("十")
    return (int(_DIGITS[tens]) if tens else 1 if ten else 0) * 10 + (int(_DIGITS[ones]) if ones else 0)
