"""What a process remembers is bounded in bytes."""

from portal.core.pages.memory import OVERHEAD, Memory


def test_the_bytes_are_bounded_and_the_longest_unused_goes_first():
    memory = Memory(3 * (1000 + OVERHEAD))
    for key in "abc":
        memory.put(key, key.upper(), 1000)
    memory.get("a")
    memory.put("d", "D", 1000)
    assert [memory.get(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert memory.size <= memory.limit


def test_what_is_put_again_counts_once():
    memory = Memory(10_000)
    memory.put("a", 1, 1000)
    memory.put("a", 2, 3000)
    assert (memory.get("a"), memory.size) == (2, 3000 + OVERHEAD)


def test_what_is_too_large_for_all_of_it_is_not_kept():
    memory = Memory(1000)
    memory.put("a", 1, 5000)
    assert memory.get("a") is None
    assert memory.size == 0


def test_a_value_is_made_once():
    memory, made = Memory(10_000), []
    for _ in range(2):
        memory.kept("a", lambda: made.append(1) or "text")
    assert made == [1]
