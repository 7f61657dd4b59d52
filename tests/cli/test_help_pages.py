"""``--help`` and complaints about the command line in another language."""

# ruff: noqa: RUF001 - the full-width signs are those of Chinese
from collections.abc import Iterator
from gettext import NullTranslations
from typing import TYPE_CHECKING

import click
import pytest

from runners import tongue
from runners.cli.commands import Command, Family, Sop
from runners.cli.help_pages import Formatter, broken, cleaned, complaint
from runners.cli.tables import width

if TYPE_CHECKING:
    from tests.cli.conftest import Project

LONG = (
    "展示一个标准作业程序、一次运行或一项任务（用 sop show CAM-1/brief 查看说明、表单、人员和数值），"
    "不改变任何内容；再执行一次也是如此。"
)
CHINESE = {
    "Usage:": "用法：",
    "Options": "选项", "Commands": "命令", "Shows things.": LONG, "How many of them.": LONG, "default: {value}": "默认值：{value}",
    "required": "必填", "{heading}:": "{heading}：",
    "A family of things.\n\nThere are more of them.": f"一组命令。{LONG}\n\n还有更多。",
    "An end.": "结束。",
    "Daily work": "日常工作", "Show this message and exit.": "显示此帮助。",
    "invalid value for {name}: {what}": "{name} 的值无效：{what}",
    "{value} is not a valid {type}": "{value} 不是有效的{type}", "integer range": "整数范围",
    "no such option {name}": "没有选项 {name}",
}  # fmt: skip


class Chinese(NullTranslations):
    """Some messages, in Chinese."""

    def gettext(self, message: str) -> str:
        """What is known, else English."""
        return CHINESE.get(message, message)


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everybody reads Chinese."""
    token = tongue._spoken.set(Chinese())
    monkeypatch.setattr(tongue, "_read", lambda _tag: Chinese())
    yield
    tongue._spoken.reset(token)


def family() -> Family:
    """A command with one of its own."""
    option = click.Option(["--number"], type=click.IntRange(1, 9), default=3, show_default=True, help="How many of them.")
    needed = click.Option(["--a-very-long-name-for-something-needed"], required=True, help="Shows things.")
    bare = click.Option(["--bare"], is_flag=True)
    shows = Command("shows", help="Shows things.", params=[option, needed, bare], epilog="An end.")
    return Family("things", help="A family of things.\n\nThere are more\nof them.", commands={"shows": shows})


def page(command: click.Command) -> str:
    """The help of *command*, 80 cells wide."""
    return command.get_help(click.Context(command, info_name=command.name, terminal_width=78))


@pytest.mark.usefixtures("chinese")
def test_a_page_is_in_the_language_of_its_reader_and_fits() -> None:
    """Usage, text, options with what is known of them, and the end; no line is wider than the page."""
    text = page(family().commands["shows"])
    assert text.startswith("用法： shows [OPTIONS]")
    assert "选项：" in text
    assert "[默认值：3; 1<=x<=9]" in text.replace("\n", "")
    assert "[必填]" in text
    assert "显示此帮助。" in text
    assert text.rstrip().endswith("结束。")
    assert "".join(LONG.split()) in "".join(text.split())
    assert max(width(line) for line in text.splitlines()) <= 78


@pytest.mark.usefixtures("chinese")
def test_a_command_of_a_family_is_told_in_one_sentence() -> None:
    """As much of it as has room in a line."""
    text = page(family())
    row = next(line for line in text.splitlines() if line.startswith("  shows"))
    assert row.endswith("…")
    assert width(row) <= 78
    assert "一组命令。" in text
    assert "\n\n  还有更多。" in text


def test_english_pages_are_those_of_click() -> None:
    """Byte for byte."""
    for command in (family(), family().commands["shows"]):
        ctx = click.Context(command, info_name=command.name, terminal_width=78)
        formatter = ctx.make_formatter()
        click.Command.format_usage(command, ctx, formatter)
        click.Command.format_help_text(command, ctx, formatter)
        click.Command.format_options(command, ctx, formatter)
        if isinstance(command, click.Group):
            click.Group.format_commands(command, ctx, formatter)
        click.Command.format_epilog(command, ctx, formatter)
        assert command.get_help(ctx) == formatter.getvalue().rstrip("\n")


def test_the_code_may_break_lines_where_it_likes() -> None:
    """A message is the same, however the lines of a docstring run; an empty line is one, and what is laid out stays."""
    assert cleaned("One\n    two.\n\n\n    Three.\f and notes") == "One two.\n\nThree."
    assert cleaned("One.\n\n    \b\n    a  b\n    c  d") == "One.\n\n\b\na  b\nc  d"


def test_lines_are_broken_by_cells_and_never_before_a_closing_sign() -> None:
    """Wide letters part anywhere, Korean and English words at blanks, signs stay with what they close or open."""
    lines = broken("甲乙丙丁。“戊己”庚辛 sop show 壬癸", 8)
    assert lines == ["甲乙丙", "丁。“戊", "己”庚辛", "sop show", "壬癸"]
    assert broken("한국어 문장은 빈칸에서", 10) == ["한국어", "문장은", "빈칸에서"]
    assert broken("甲\n\n乙", 8) == ["甲", "", "乙"]
    assert broken("word-that-is-long 甲", 4) == ["word-that-is-long", "甲"]


def test_what_is_laid_out_by_hand_stays_so() -> None:
    """A paragraph behind click's sign for it keeps its lines, however wide its words."""
    assert broken("一二三四五六\n\n\b\n  bash:  eval\n  zsh:   eval 一二三四五六", 8) == [
        "一二三四", "五六", "", "  bash:  eval", "  zsh:   eval 一二三四五六"
    ]  # fmt: skip


def test_narrow_texts_are_left_to_click() -> None:
    """Also where there are several columns."""
    ours, clicks = Formatter(width=40), click.HelpFormatter(width=40)
    for formatter in (ours, clicks):
        formatter.write_text("Some words that are broken somewhere - well-known to click.")
        formatter.write_dl([("--a", "b " * 40), ("--" + "n" * 40, "c")])
    assert ours.getvalue() == clicks.getvalue()


@pytest.mark.usefixtures("chinese")
def test_a_complaint_of_click_is_said_in_another_language() -> None:
    """With what it is about, a complaint within it, and the name of a type; what is not known stays English."""
    assert complaint("no such option '--x'") == "没有选项 '--x'"
    assert (
        complaint("invalid value for '--limit': 'x' is not a valid integer range") == "'--limit' 的值无效：'x' 不是有效的整数范围"
    )
    assert complaint("invalid value for '--limit': something new") == "'--limit' 的值无效：something new"
    assert complaint("something else") == "something else"


@pytest.mark.usefixtures("chinese")
def test_the_first_page_is_in_the_language_of_its_reader(project: "Project") -> None:
    """With its sections; and a wrong option is complained of in it too."""
    assert "日常工作：" in project.good("--help")
    assert "没有选项 '--frob'" in project.sop("inbox", "--frob").err
    assert Sop().name == "sop"
