import sys
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from portal.core.text import pinyin
from portal.core.text.pinyin import LONGEST_KEY, readings, segmentations, sort_key, unfinished


def in_order(*names):
    keys = [sort_key(name) for name in names]
    return keys == sorted(set(keys))


def test_names_stand_as_in_a_chinese_dictionary():
    assert in_order("20号", "ABC", "Octo", "阿里", "北京", "重庆", "世界", "示例", "西安", "先锋", "中国")


def test_tones_part_equal_syllables():
    assert in_order("妈", "麻", "马", "骂")
    assert in_order("黎明", "李安")


def test_readings_that_depend_on_the_word_are_right():
    assert [sort_key(name) for name in ("重庆", "重型", "厦门", "大厦", "长兴", "单县")] == [
        *("chong2qing4", "zhong4xing2", "xia4men2", "da4sha4", "chang2xing1", "shan4xian4"),
    ]


def test_marks_and_script_do_not_move_a_name():
    assert sort_key("（厦门）示例") == sort_key("廈門 示例")


def test_what_has_no_reading_stands_last():
    assert in_order("Z", "座", "Б", "𪛖")


@given(st.text(st.characters()))
def test_a_key_is_short_and_sorts_the_same_in_every_database(text):
    key = sort_key(text)
    assert len(key) <= LONGEST_KEY
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(st.text(st.sampled_from("重长的々𪛖〇𠀀啊安"), min_size=1))
def test_every_character_of_a_run_has_its_readings(run):
    assert len(readings(run)) == len(run)


def test_letters_are_cut_into_syllables_in_every_way():
    assert segmentations("xian") == [("xian",), ("xi", "an")]
    assert segmentations("sbs") == []


def test_an_unfinished_syllable_is_completed():
    finished, endings = unfinished("fangsh")
    assert finished == ("fang",)
    assert {"shui", "sha"} <= set(endings)
    assert unfinished("xyz") == ((), ())


def test_the_first_names_of_a_process_may_be_spelled_at_once():
    pinyin._loaded.cache_clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            spelled = list(threads.map(lambda name: len(readings(name)), ["防水卷材", "银行", "重庆"] * 8))
    finally:
        sys.setswitchinterval(interval)
    assert min(spelled) > 0
