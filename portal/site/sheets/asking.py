"""Which questions get a sheet. What stands on it under the site's name is nobody's prose: numbers alone."""

import re
import unicodedata

from django.utils import timezone

from catalog.publication.showing.many import MOST_NUMBERS, numbers_of, verdicts
from catalog.publication.sought import countable
from portal.core.pages.reading import ReadAt
from portal.core.proof.limits import DAY, EVERYBODY, HOUR, Limit, network, taken
from portal.core.text.normalise import clean

from .models import Sheet, new_code

NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z()\[\]/.\-_ ]{2,39}")
AN_ADDRESS = re.compile(r"\.[ ]*[A-Za-z]")
MOST_LETTERS = 12  # of a number that is not ours: more would be words
MOST_SIGNS = 10_400  # of all numbers with a gap after each: more does not go on one page
LONGEST = 100_000
# No sheet is ever deleted: what strangers may make is counted by the room that it takes (0052).
ASKED, A_DAY = Limit("sheets", 60, HOUR), Limit("sheets-a-day", 300, DAY)
FEW = 5  # numbers: at most 310 bytes of the table, while the longest take 12 kB: 40 MB a day are the most of all
FEW_OF_ALL, LONG_OF_ALL = Limit("sheets-few-of-all", 50_000, DAY), Limit("sheets-long-of-all", 2_000, DAY)


class NoSheet(Exception):
    """Why none is made, in a sentence."""

    def __init__(self, sentence: str, status: int = 400):
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


def sheet_for(text: str, reading: ReadAt, address: str) -> Sheet:
    """A new sheet about the numbers in the text. Raises NoSheet."""
    if not reading.edition:
        raise NoSheet("本站还没有公布过内容，没有可以核验的。")
    numbers = _numbers(text, reading)
    who, of_all = network(address), FEW_OF_ALL if len(numbers) <= FEW else LONG_OF_ALL
    if full := taken([(ASKED, who), (A_DAY, who), (of_all, EVERYBODY)]):
        raise NoSheet(f"开具核验单太频繁，请 {full.wait()}后再试。", 429)
    free = (code for code in iter(new_code, None) if not Sheet.objects.filter(code=code).exists())
    return Sheet.objects.create(
        code=next(free), numbers=numbers, edition=reading.edition, day=reading.day, at=timezone.now()
    )


def _numbers(text: str, reading: ReadAt) -> list[str]:
    if len(text) > LONGEST:
        raise NoSheet("文字太长。请只给编号，每行一个。")
    numbers = numbers_of([clean(line) for line in text.splitlines()], reading)
    if not numbers:
        raise NoSheet("没有读到编号。请写证书编号、清单编号或统一社会信用代码。")
    if len(numbers) > MOST_NUMBERS:
        raise NoSheet(f"一张核验单最多 {MOST_NUMBERS} 个编号，请分几张。")
    if sum(len(number) + 2 for number in numbers) > MOST_SIGNS:
        raise NoSheet("这些编号加起来太长，一页纸放不下，请分几张。")
    if strange := _strange(numbers, reading):
        raise NoSheet(
            f"「{strange[:40]}」不像编号，或者像身份证号、电话号码。核验单上只写编号，不写别的文字。"
        )
    return numbers


def _strange(numbers: list[str], reading: ReadAt) -> str:
    """The first that is neither public here nor looks like a number; a sheet is kept for ever, whoever a number is of."""
    doubtful = [number for number in numbers if not _is_number(number)]
    known = {verdict.asked for verdict in verdicts(doubtful, reading) if verdict.number}
    return next((number for number in doubtful if number not in known), "")


def _is_number(number: str) -> bool:
    plain = unicodedata.normalize("NFKC", number)
    if not NUMBER.fullmatch(plain) or AN_ADDRESS.search(plain) or not countable(plain):
        return False
    return sum(map(str.isalpha, plain)) <= MOST_LETTERS
