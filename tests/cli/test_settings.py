"""Settings: which place wins, what is refused, and what each value means."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runners.settings import SettingsError, database_file, load

if TYPE_CHECKING:
    from tests.cli.conftest import Project


def made(folder: Path, text: str) -> Path:
    """A project whose settings are *text*."""
    (folder / ".sop").mkdir(parents=True)
    (folder / ".sop" / "config.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_nearer_place_wins(tmp_path: Path) -> None:
    """Flag before variable before project before user before default, each with its origin."""
    project = made(tmp_path / "project", 'person = "project"\nzone = "Europe/Berlin"\n')
    user = tmp_path / "home" / ".config" / "sop"
    user.mkdir(parents=True)
    (user / "config.toml").write_text('person = "user"\nweekend = [5, 6]\n', encoding="utf-8")
    env = {"HOME": str(tmp_path / "home")}
    inside = project / "a" / "b"
    inside.mkdir(parents=True)
    assert load(env, inside, {"person": "flag"}).person == "flag"
    assert load({**env, "SOP_USER": "variable"}, inside, {}).person == "variable"
    found = load(env, inside)
    assert (found.person, found.person_origin, found.zone) == ("project", "config", "Europe/Berlin")
    assert found.weekend == frozenset({5, 6})
    assert found.origins["weekend"] == str(user / "config.toml")
    assert found.origins["evidence"] == "default"
    assert load(env, tmp_path).person == "user"
    assert load({**env, "SOP_USER": "x"}, tmp_path).person_origin == "environment"


def test_relative_paths_count_from_where_they_are_written(tmp_path: Path) -> None:
    """A path in the project's settings from the project, one in a flag from the working directory."""
    project = made(tmp_path, 'database = "data/my.db"\ndefinitions = ["sops"]\n')
    inside = project / "deep"
    inside.mkdir()
    found = load({}, inside)
    assert database_file(found.database) == project / "data" / "my.db"
    assert found.definitions[-2:] == (project / ".sop" / "definitions", project / "sops")
    assert found.evidence == project / "data" / "evidence"
    assert database_file(load({}, inside, {"database": "x.db"}).database) == inside / "x.db"
    assert load({}, inside, {"database": "postgresql://u:p@host/db"}).database == "postgresql://u:p@host/db"
    assert database_file("sqlite:///:memory:") is None


def test_outside_a_project_data_have_their_place(tmp_path: Path) -> None:
    """XDG_DATA_HOME, or .local/share in the home."""
    env = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    assert database_file(load(env, tmp_path).database) == tmp_path / "data" / "sop" / "sop.db"
    del env["XDG_DATA_HOME"]
    assert database_file(load(env, tmp_path).database) == tmp_path / ".local" / "share" / "sop" / "sop.db"


@pytest.mark.parametrize(
    ("env", "languages"),
    [
        ({}, ("en",)), ({"LANG": "C"}, ("en",)), ({"LANG": "de_DE.UTF-8"}, ("de-DE",)),
        ({"LANG": "zh_CN.UTF-8"}, ("zh-CN", "zh-Hans")),
        ({"LANG": "de_DE", "LC_ALL": "zh_HK.UTF-8"}, ("zh-HK", "zh-Hant")),
        ({"LANGUAGE": "ko:en", "LANG": "de_DE"}, ("ko", "en", "de-DE")),
        ({"SOP_LANG": "ko, en"}, ("ko", "en")),
    ],
)  # fmt: skip
def test_languages_come_from_the_settings_or_the_locale(tmp_path: Path, env: dict[str, str], languages: tuple[str, ...]) -> None:
    """Best first; a place that reads Chinese says which script."""
    assert load(env, tmp_path).languages == languages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('databse = "x"', "unknown key"), ("database = 3", "must be a text"),
        ('database = "mysql://x"', "sqlite:///path or postgresql://"), ('zone = "Mars"', "time zone"),
        ("weekend = [8]", "ISO weekdays"), ('holidays = ["soon"]', "days like"), ('languages = ["english!"]', "language tags"),
        ("[database]\nurl = 1", "must be a text"), ("zone", "is no TOML"), ("definitions = 3", "must be a list"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    """The message names the file, and the hint says what to do."""
    with pytest.raises(SettingsError, match=expected) as caught:
        load({}, made(tmp_path, text))
    assert caught.value.origin.endswith("config.toml")
    assert caught.value.hint


def test_a_variable_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """The message names the variable."""
    with pytest.raises(SettingsError, match="SOP_ZONE: zone must be"):
        load({"SOP_ZONE": "Mars"}, tmp_path)


def test_passwords_are_not_shown(tmp_path: Path) -> None:
    """`sop config list` shows the database without its password."""
    from runners.cli.configuring import _without_secret

    assert _without_secret("postgresql://me:secret@host/db") == "postgresql://me@host/db"
    assert _without_secret("sqlite:////a/b.db") == "sqlite:////a/b.db"


@pytest.mark.parametrize(
    ("given", "offered"), [("yes", True), ("True", True), ("1", True), ("no", False), ("false", False), ("0", False)]
)
def test_what_comes_with_the_program_can_be_left_out(tmp_path: Path, given: str, offered: bool) -> None:  # noqa: FBT001 - a case
    """The folders of the library are all there are, or without the first of them."""
    settings = load({"SOP_SHIPPED": given, "SOP_DEFINITIONS": "more"}, tmp_path)
    assert settings.library == (settings.definitions if offered else (tmp_path / "more",))
    assert settings.definitions[0].name == "definitions"


def test_whether_it_is_left_out_is_a_truth(tmp_path: Path) -> None:
    """Anything else is refused; in a file TOML's own words are taken."""
    with pytest.raises(SettingsError, match="SOP_SHIPPED: shipped must be true or false"):
        load({"SOP_SHIPPED": "perhaps"}, tmp_path)
    assert load({}, made(tmp_path, "shipped = false")).shipped is False


def test_a_team_can_keep_to_its_own_sops(project: "Project") -> None:
    """What comes with the program is then neither listed nor started, not by a schedule either; and it can be taken up again."""
    none = {"SOP_SHIPPED": "no"}
    assert [item["sop"] for item in json.loads(project.sop("list", "--json", env=none).out)["items"]] == ["mini"]
    assert project.sop("start", "audit", "--title", "x", env=none).code in {1, 3}
    assert json.loads(project.sop("schedules", "--json", env=none).out)["items"] == []
    assert len(json.loads(project.good("list", "--json"))["items"]) > 20
    assert len(json.loads(project.good("schedules", "--json"))["items"]) > 5
