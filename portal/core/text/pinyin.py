"""Readings of Chinese text: what a reader types for it, and in which order names stand."""

from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

from portal.core.text.runs import plain, runs

LONGEST_KEY = 120
_SEGMENTATIONS = 6  # xianan may be xi'an'an, xian'an, xi'a'nan …: so many are tried
_READINGS = 4
_LONGEST_SYLLABLE = 6
_TONES = "12345"

_WRITTEN_SYLLABLES = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce
cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun
chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die din ding
diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge
gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu
hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan
kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len leng li
lia lian liang liao lie lin ling liu lo long lou lu luan lue lun luo lv lve ma mai man mang mao me mei
men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nia nian niang
niao nie nin ning niu nong nou nu nuan nue nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian
piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re
ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she
shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan
tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo
wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong
you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong
zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_WRITTEN_SYLLABLES.split())

# Where the dictionary is wrong for this field: in names of firms 长 is chang, 粘 is zhan …
_FIRST_READINGS = {
    "长": "cháng,zhǎng",
    "粘": "zhān,nián",
    "朝": "cháo,zhāo",
    "曾": "zēng,céng",
    "削": "xiāo,xuē",
}
_PHRASES = {
    "单县": "shàn xiàn",
    "浚县": "xùn xiàn",
    "洪洞": "hóng tóng",
    "涡阳": "guō yáng",
    "珲春": "hún chūn",
    "筠连": "jūn lián",
    "调湿": "tiáo shī",
    "给排水": "jǐ pái shuǐ",
    "薄膜": "bó mó",
    "重竹": "chóng zhú",
}


def sort_key(name: str) -> str:
    """`name` as [0-9a-z]*, at most 120 long, so that plain comparison gives the order of a Chinese dictionary on any database.

    Digits come first, then Latin letters, then Chinese by syllable and tone, then what has no reading. Equal keys are told
    apart by the caller's number.
    """
    key: list[str] = []
    for run in runs("".join(char for char in plain(name) if char.isalnum())):
        key += [_dictionary_syllables(run.text)] if run.is_han else map(_foreign, run.text)
    return "".join(key)[:LONGEST_KEY]


def readings(run: str) -> list[tuple[str, ...]]:
    """For each character of a Chinese run the syllables, without tone, that a reader may type; the likeliest first."""
    return [syllables for word in _words(run) for syllables in _typed_word(word)]


def segmentations(letters: str) -> list[tuple[str, ...]]:
    """The ways to cut `letters` into syllables, fewest syllables first; [] where they are no pinyin."""
    return sorted(_cuts(letters), key=len)[:_SEGMENTATIONS]


def unfinished(letters: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Syllables and what the last one, only begun, may become: "fangsh" → (("fang",), ("sha", "shai", …)); ((), ()) for none."""
    for end in range(len(letters) - 1, max(len(letters) - _LONGEST_SYLLABLE, 0), -1):
        endings = _endings(letters[end:])
        if endings and (finished := segmentations(letters[:end])):
            return finished[0], endings
    return (), ()


@lru_cache(maxsize=16_384)
def _dictionary_syllables(run: str) -> str:
    """Kept, for the names of a list are made of the same few runs."""
    return "".join(
        syllables[0] if syllables[0].isascii() else _foreign(char)
        for char, syllables in zip(run, _pronounced(run), strict=True)
    )


def _pronounced(run: str) -> list[list[str]]:
    """For each character its syllables with their tones, the likeliest first."""
    return [syllables for word in _words(run) for syllables in _pronounced_word(word)]


def _words(run: str) -> Iterable[str]:
    cut: Iterable[str] = _pypinyin().seg.mmseg.seg.cut(run)
    return cut


@lru_cache(maxsize=16_384)
def _typed_word(word: str) -> list[tuple[str, ...]]:
    return [
        _typed(dict.fromkeys(syllable.rstrip(_TONES) for syllable in syllables))
        for syllables in _pronounced_word(word)
    ]


@lru_cache(maxsize=16_384)
def _pronounced_word(word: str) -> list[list[str]]:
    """Kept: the library is slow, and the names of a list are made of the same words."""
    library = _pypinyin()
    found: list[list[str]] = library.pinyin(
        word, style=library.Style.TONE3, heteronym=True, neutral_tone_with_five=True, errors=list
    )
    return found


def _foreign(char: str) -> str:
    """A leading 0 is below every tone (1-5) and syllable, a leading zz above every syllable."""
    return f"0{char}" if char.isascii() else f"zz{ord(char):05x}"


def _typed(syllables: Iterable[str]) -> tuple[str, ...]:
    """绿 is typed lv, and lu by those who do not know; 略 likewise lve or lue."""
    known = [syllable for syllable in syllables if syllable in SYLLABLES][:_READINGS]
    plain = [syllable.replace("v", "u") for syllable in known if "v" in syllable]
    return tuple(dict.fromkeys(known + plain))


@lru_cache(maxsize=2048)
def _cuts(letters: str) -> tuple[tuple[str, ...], ...]:
    if not letters:
        return ((),)
    cuts: list[tuple[str, ...]] = []
    for end in range(min(_LONGEST_SYLLABLE, len(letters)), 0, -1):
        if letters[:end] in SYLLABLES:
            cuts += ((letters[:end], *rest) for rest in _cuts(letters[end:]))
    return tuple(sorted(cuts, key=len)[:_SEGMENTATIONS])


@lru_cache(maxsize=512)
def _endings(start: str) -> tuple[str, ...]:
    return tuple(sorted(syllable for syllable in SYLLABLES if syllable.startswith(start)))


_LOADING = Lock()


def _pypinyin() -> Any:
    """The library with our readings. One thread loads it, while others wait: it changes dictionaries that it goes through."""
    with _LOADING:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    """Slow to import, and most processes that read this module never spell a name."""
    import pypinyin

    pypinyin.load_single_dict({ord(char): spelled for char, spelled in _FIRST_READINGS.items()})
    pypinyin.load_phrases_dict(
        {phrase: [[syllable] for syllable in spelled.split()] for phrase, spelled in _PHRASES.items()}
    )
    return pypinyin
