"""YAML that was made to harm: refused with a line, at once, and never silently changed."""

# One row of a table is one line, and other scripts are what is tested.
# ruff: noqa: RUF001

import time

import pytest

from engine import limits
from engine.parse import read, read_plain

HEAD = "sop: a\nversion: 1.0.0\n"
BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
MERGE = "a: &a {k: 1}\n" + "".join(
    f"{b}: &{b} {{<<: [{', '.join([f'*{a}'] * 9)}]}}\n" for a, b in zip("abcdef", "bcdefg", strict=True)
)

# Bytes, the code, and the line that is named. Measured: each below 60 ms on a busy core; the assertion leaves room.
REFUSED = {
    "alias bomb": (BOMB, "SOP-L004", 1),
    "merge-key bomb": (MERGE, "SOP-L004", 1),
    "merge key without an alias": ("a: 1\nb: {<<: {c: 1}}\n", "SOP-L004", 2),
    "anchor": ("a: 1\nb: &x 1\n", "SOP-L004", 2),
    "anchor on a mapping": ("a: &x\n  b: 1\n", "SOP-L004", 1),
    "alias": ("a: 1\nb: *x\n", "SOP-L004", 2),
    "alias as a key": ("*x : 1\n", "SOP-L004", 1),
    "self alias": ("&a [*a]\n", "SOP-L004", 1),
    "100,000 brackets": ("[" * 100_000, "SOP-L007", 1),
    "100,000 braces": ("{" * 100_000, "SOP-L009", 1),
    "deep blocks": ("\n".join("  " * depth + "a:" for depth in range(200)), "SOP-L007", 33),
    "deep sequences in one line": ("- " * 50_000 + "x", "SOP-L007", 1),
    "deep keys in one line": ("? " * 50_000 + "x", "SOP-L009", 1),
    "10 MB scalar": ("a: " + "x" * 10_000_000, "SOP-L001", 1),
    "long scalar": ("a: 1\nb: " + "x" * (limits.SCALAR_CHARACTERS + 1), "SOP-L007", 2),
    "long key": ("x" * (limits.SCALAR_CHARACTERS + 1) + ": 1", "SOP-L007", 1),
    "200,000 keys": ("".join(f"k{n}: 1\n" for n in range(200_000)), "SOP-L001", 1),
    "20,001 values": ("[" + "1," * 20_001 + "]", "SOP-L007", 1),
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "SOP-L008", 3),
    "duplicate key, quoted": ('a: 1\n"a": 2\n', "SOP-L008", 2),
    "duplicate key with mappings": ("a: {x: 1}\nb: 2\na: {y: 1}\n", "SOP-L008", 3),
    "python object": ("a: !!python/object/apply:os.system ['id']\n", "SOP-L005", 1),
    "python name": ("a: 1\nb: !!python/name:os.system x\n", "SOP-L005", 2),
    "local tag": ("a: !foo 1\n", "SOP-L005", 1),
    "set": ("a: !!set {x}\n", "SOP-L005", 1),
    "binary": ("a: !!binary aGk=\n", "SOP-L005", 1),
    "timestamp by tag": ("a: !!timestamp 2026-01-01\n", "SOP-L005", 1),
    "text by tag": ("a: !!str 1\n", "SOP-L005", 1),
    "non-specific tag": ("a: ! 1\n", "SOP-L005", 1),
    "tag directive": ("%TAG ! tag:x,2026:\n---\na: 1\n", "SOP-L005", 1),
    "old version": ("%YAML 1.1\n---\na: yes\n", "SOP-L005", 1),
    "unknown directive": ("%FOO x\n---\na: 1\n", "SOP-L003", 1),
    "second document": ("a: 1\n---\nb: 2\n", "SOP-L006", 2),
    "nothing": ("", "SOP-L006", 1),
    "only a comment": ("# nothing\n", "SOP-L006", 1),
    "null": ("null\n", "SOP-L006", 1),
    "million-digit integer": ("a: " + "9" * 1_000_000, "SOP-L001", 1),
    "16,000-digit integer": ("a: 1\nb: " + "9" * 16_000, "SOP-L010", 2),
    "20-digit integer": ("a: 12345678901234567890\n", "SOP-L010", 1),
    "integer of 54 bits": ("a: 9007199254740992\n", "SOP-L010", 1),
    "negative integer of 54 bits": ("a: -9007199254740992\n", "SOP-L010", 1),
    "long hexadecimal": ("a: 0x" + "f" * 5_000, "SOP-L010", 1),
    "infinite by exponent": ("a: 1e999\n", "SOP-L010", 1),
    "number as a key": ("1: a\n", "SOP-L009", 1),
    "truth value as a key": ("a: 1\ntrue: a\n", "SOP-L009", 2),
    "null as a key": ("~: a\n", "SOP-L009", 1),
    "nothing as a key": ("? \n: a\n", "SOP-L009", 1),
    "real as a key": ("1.5: a\n", "SOP-L009", 1),
    "list as a key": ("? [a]\n: b\n", "SOP-L009", 1),
    "mapping as a key": ("? {a: b}\n: c\n", "SOP-L009", 1),
    "UTF-16 with mark": ("a: 1\n".encode("utf-16"), "SOP-L002", 1),
    "UTF-16 without mark": ("a: 1\n".encode("utf-16-le"), "SOP-L011", 1),
    "UTF-32": ("a: 1\n".encode("utf-32"), "SOP-L002", 1),
    "Latin-1": ("a: 1\nb: é\n".encode("latin-1"), "SOP-L002", 2),
    "overlong UTF-8": (b"a: \xc0\xaf\n", "SOP-L002", 1),
    "surrogate in UTF-8": (b"a: 1\nb: \xed\xa0\x80\n", "SOP-L002", 2),
    "byte order mark": (b"\xef\xbb\xbfa: 1\n", "SOP-L002", 1),
    "NUL": ("a: 1\nb: x\0y\n", "SOP-L011", 2),
    "NUL by escape": ('a: "\\0"\n', "SOP-L011", 1),
    "escape sequence by escape": ('a: 1\nb: "\\e[2J"\n', "SOP-L011", 2),
    "escape sequence": ("a: \x1b[2J\n", "SOP-L011", 1),
    "C1 control": ("a: \x9b2J\n", "SOP-L011", 1),
    "bell by escape": ('a: "\\a"\n', "SOP-L011", 1),
    "carriage return by escape": ('a: "x\\ry"\n', "SOP-L011", 1),
    "lone carriage return": ("a: 1\nb: x\ry\n", "SOP-L011", 2),
    "newline in a key": ('a: 1\n"b\\nc": 1\n', "SOP-L011", 2),
    "bidi override": ("a: 1\nb: x\u202ey\n", "SOP-L011", 2),
    "bidi override by escape": ('a: "x\\u202ey"\n', "SOP-L011", 1),
    "bidi isolate in a comment": ("a: 1\n# \u2066 x\n", "SOP-L011", 2),
    "line separator": ("a: x\u2028b: y\n", "SOP-L011", 1),
    "next line": ("a: x\x85b: y\n", "SOP-L011", 1),
    "tag character": ("a: x\U000e0041\n", "SOP-L011", 1),
    "unassigned character": ("a: x\U000e0fff\n", "SOP-L011", 1),
    "surrogate by escape": ('a: "\\ud800"\n', "SOP-L003", 1),
    "tab for indentation": ("a:\n\tb: 1\n", "SOP-L003", 2),
    "colon in plain text": ("a: b: c\n", "SOP-L003", 1),
    "unclosed list": ("a: [1, 2\nb: 3\n", "SOP-L003", 2),
    "unclosed quote": ('a: "x\n', "SOP-L003", 2),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line"), REFUSED.values(), ids=REFUSED)
def test_hostile_yaml_is_refused_with_a_line(text: str | bytes, code: str, line: int) -> None:
    """What was made to harm is refused with its code and its line, fast, and gives no definition."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")

    began = time.process_time()
    parsed = read(raw)
    took = time.process_time() - began

    assert parsed.definition is None
    assert (code, line) in {(problem.code, problem.line) for problem in parsed.problems}
    assert all(problem.line and problem.column for problem in parsed.problems)
    assert took < 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("On", "On"), ("off", "off"), ("yes", "yes"), ("NO", "NO"), ("n", "n"), ("y", "y"),
        ("12:30", "12:30"), ("12:30:45", "12:30:45"), ("010", 10), ("0o10", 8), ("0x1F", 31), ("1_000", "1_000"),
        ("2026-11-22", "2026-11-22"), ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"), (".inf", ".inf"), ("-.inf", "-.inf"),
        (".nan", ".nan"), ("~", None), ("", None), ("null", None), ("Null", None), ("nULL", "nULL"), ("true", True),
        ("True", True), ("FALSE", False), ("tRUE", "tRUE"), ("+12", 12), ("-12", -12), ("-0", 0), ("0.5", 0.5),
        (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-1.5E-3", -0.0015), ("1.10", 1.1), ("=", "="), ("9007199254740991", 2**53 - 1),
        ("-9007199254740991", 1 - 2**53), ("0" * 5_000 + "7", 7), ("'010'", "010"), ('"true"', "true"), ("'<<'", "<<"),
        ("0b11", "0b11"), ("0x", "0x"), ("+", "+"), (".", "."), ("e3", "e3"), ("1e", "1e"), ("!" * 0 + "x", "x"),
    ],
)  # fmt: skip
def test_plain_values_follow_yaml_1_2(text: str, value: object) -> None:
    """A plain value is what the core schema of YAML 1.2 says, and of exactly that type."""
    plain = read_plain(f"a: {text}\n".encode())

    assert plain.problems == ()
    assert {"a": value} == plain.document
    assert isinstance(plain.document, dict)
    assert type(value) is type(plain.document["a"])


def test_text_may_hold_what_writing_needs() -> None:
    """Line feeds, tabs, joiners, wide spaces and any script pass; Windows line ends become line feeds."""
    text = 'a: |\r\n  one\r\n  \ttwo\r\nb: "x\\ty\\n"\r\nc: نمی\u200cخواهم 👩\u200d🎨 全角\u3000空白\r\n'

    plain = read_plain(text.encode())

    assert plain.problems == ()
    assert plain.document == {"a": "one\n\ttwo\n", "b": "x\ty\n", "c": "نمی\u200cخواهم 👩\u200d🎨 全角\u3000空白"}


def test_key_like_a_word_of_yaml_1_1_is_text() -> None:
    """``on``, ``no`` and times are ordinary keys."""
    assert read_plain(b"on: 1\nno: 2\n12:30: 3\n1_0: 4\n").document == {"on": 1, "no": 2, "12:30": 3, "1_0": 4}


def test_version_directive_of_yaml_1_2_is_taken() -> None:
    """A file may say that it is what it is read as."""
    assert read_plain(b"%YAML 1.2\n---\na: 1\n").document == {"a": 1}


def test_several_slips_are_told_at_once() -> None:
    """Whatever does not end the reading is collected, in order of lines."""
    plain = read_plain(b'a: !x 1\nb: 99999999999999999999\na: 2\n1: x\nc: "\\a"\n')

    assert [(problem.code, problem.line) for problem in plain.problems] == [
        ("SOP-L005", 1),
        ("SOP-L010", 2),
        ("SOP-L008", 3),
        ("SOP-L009", 4),
        ("SOP-L011", 5),
    ]


def test_hints_name_the_way_out() -> None:
    """The frequent causes of a syntax error are named."""
    assert "spaces" in read_plain(b"a:\n\tb: 1\n").problems[0].hint
    assert "colon" in read_plain(b"a: b: c\n").problems[0].hint
    assert "UTF-16" in read_plain("a: 1".encode("utf-16")).problems[0].hint
    assert "line 1" in read_plain(b"a: 1\na: 2\n").problems[0].message
