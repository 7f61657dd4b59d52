"""Where the database is, who asks, which languages, which days are worked: flag > ``SOP_*`` > project > user > default.

Read with ``tomllib`` alone, because every command pays for it. A key that nobody reads is an error: a setting that is
silently not followed is worse than none.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from engine.text import said
from runners.languages import of_locale
from runners.setting_keys import KEYS, Key

FOLDER: Final = ".sop"
"""The folder that makes a project; looked for upwards."""

CONFIG: Final = "config.toml"
_SHIPPED: Final = Path(__file__).resolve().parent.parent / "definitions"


class SettingsError(Exception):
    """A setting cannot be used.

    Attributes:
        origin: the file, variable or flag it comes from.
        hint: what to do.
    """

    def __init__(self, message: str, origin: str, hint: str = "") -> None:
        super().__init__(message)
        self.origin = origin
        self.hint = hint


class Settings(NamedTuple):
    """What every command needs to know before it does anything.

    Attributes:
        folder: the ``.sop`` folder of the project, found upwards from the working directory; None outside a project.
        database: its URL.
        person: handle of who asks; None if nothing says.
        person_origin: how that is known: ``flag``, ``environment``, ``config`` or ``os``.
        languages: BCP 47 tags, best first.
        definitions: folders of definitions; later ones replace SOPs of earlier ones.
        shipped: whether the first of them, which comes with the program, is offered.
        zone: IANA name of the zone whose days are counted.
        weekend: ISO weekdays (Monday is 1) that are free.
        holidays: free days, ``YYYY-MM-DD``.
        workdays: make-up days, ``YYYY-MM-DD``.
        evidence: folder of evidence files.
        log: folder of the operators' log.
        origins: setting to where its value comes from.
    """

    folder: Path | None
    database: str
    person: str | None
    person_origin: str
    languages: tuple[str, ...]
    definitions: tuple[Path, ...]
    shipped: bool
    zone: str
    weekend: frozenset[int]
    holidays: tuple[str, ...]
    workdays: tuple[str, ...]
    evidence: Path
    log: Path
    origins: Mapping[str, str]

    @property
    def library(self) -> tuple[Path, ...]:
        """The folders whose SOPs are offered."""
        return self.definitions if self.shipped else self.definitions[1:]


def find_folder(cwd: Path) -> Path | None:
    """The ``.sop`` folder of *cwd* or of the nearest folder above it."""
    return next((found for place in (cwd, *cwd.parents) if (found := place / FOLDER).is_dir()), None)


def user_config(env: Mapping[str, str]) -> Path:
    """The configuration file of the user."""
    return Path(env.get("XDG_CONFIG_HOME") or Path(env.get("HOME", "/")) / ".config") / "sop" / CONFIG


def data_folder(env: Mapping[str, str]) -> Path:
    """Where data lives outside a project."""
    return Path(env.get("XDG_DATA_HOME") or Path(env.get("HOME", "/")) / ".local" / "share") / "sop"


class _Layer(NamedTuple):
    """Values from one place; ``base`` is what relative paths in it count from."""

    origin: str
    values: Mapping[str, Any]
    base: Path


def _file(path: Path, base: Path) -> Iterator[_Layer]:
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        from runners.store.errors import system_words

        words = said("{path} cannot be read: {reason}", path=path, reason=system_words(error))
        raise SettingsError(words, str(path), said("mend its permissions, or remove it")) from error
    import tomllib

    try:
        values = tomllib.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        from runners.reading import no_toml

        hint = said("mend the place named, or move the file away and run sop init")
        raise SettingsError(no_toml(path, error), str(path), hint) from error
    for name in values:
        if name not in KEYS:
            from difflib import get_close_matches

            near = get_close_matches(name, KEYS, 1)
            hint = said('did you mean "{name}"?', name=near[0]) if near else said("there are {names}", names=", ".join(KEYS))
            raise SettingsError(said('{path} has an unknown key "{name}"', path=path, name=name), str(path), hint)
    yield _Layer(str(path), values, base)


def _layers(env: Mapping[str, str], cwd: Path, flags: Mapping[str, str], folder: Path | None) -> Iterator[_Layer]:
    yield _Layer("flag", {name: value for name, value in flags.items() if value}, cwd)
    yield _Layer("environment", {key.name: env[key.variable] for key in KEYS.values() if env.get(key.variable)}, cwd)
    if folder:
        yield from _file(folder / CONFIG, folder.parent)
    user = user_config(env)
    yield from _file(user, user.parent)


def _origin(layer: _Layer, key: Key) -> str:
    if layer.origin == "flag":
        return "--" + {"database": "db", "person": "as", "languages": "lang"}.get(key.name, key.name)
    return key.variable if layer.origin == "environment" else layer.origin


def load(env: Mapping[str, str], cwd: Path, flags: Mapping[str, str] | None = None) -> Settings:
    """The settings that hold now.

    Args:
        env: the environment.
        cwd: the working directory, absolute.
        flags: setting to the value given on the command line; empty ones count as not given.

    Raises:
        SettingsError: an unknown key, an unusable value, an unreadable file.
    """
    folder = find_folder(cwd)
    found: dict[str, Any] = {}
    origins: dict[str, str] = {}
    bases: dict[str, Path] = {}
    for layer in _layers(env, cwd, flags or {}, folder):
        for name, value in layer.values.items():
            if name in found:
                continue
            key = KEYS[name]
            try:
                found[name] = key.read(value)
            except ValueError as error:
                origin = _origin(layer, key)
                words = said("{origin}: {name} must be {what}", origin=origin, name=name, what=error.args[0])
                raise SettingsError(words, origin, said("mend the value, or remove it")) from None
            origins[name], bases[name] = _origin(layer, key), layer.base
    return _settled(env, folder, found, origins, bases)


def _settled(
    env: Mapping[str, str], folder: Path | None, found: Mapping[str, Any], origins: Mapping[str, str], bases: Mapping[str, Path]
) -> Settings:
    home = folder or data_folder(env)
    database = _database(found["database"], bases["database"]) if "database" in found else f"sqlite:///{home / 'sop.db'}"
    file = database_file(database)
    beside = file.parent if file is not None else home
    person, origin = found.get("person"), origins.get("person", "")
    how = {"--as": "flag", "SOP_USER": "environment"}.get(origin, "config")
    if person is None:
        person, origin, how = _os_user(env), "the operating system's user", "os"
    own = [folder / "definitions"] if folder else []
    listed = [bases["definitions"] / name for name in found.get("definitions", ())]
    return Settings(
        folder=folder,
        database=database,
        person=person,
        person_origin=how,
        languages=found.get("languages") or of_locale(env),
        definitions=tuple(dict.fromkeys([_SHIPPED, *own, *listed])),
        shipped=found.get("shipped", True),
        zone=found.get("zone", "UTC"),
        weekend=found.get("weekend", frozenset({6, 7})),
        holidays=found.get("holidays", ()),
        workdays=found.get("workdays", ()),
        evidence=bases["evidence"] / found["evidence"] if "evidence" in found else beside / "evidence",
        log=beside / "log",
        origins={**{name: origins.get(name, "default") for name in KEYS}, "person": origin},
    )


def _database(given: str, base: Path) -> str:
    """A plain path means an SQLite file; a relative one counts from where it is written."""
    if "://" not in given:
        return f"sqlite:///{base / given}"
    rest = given.removeprefix("sqlite:///")
    return f"sqlite:///{base / rest}" if rest not in {given, ":memory:"} else given


def database_file(url: str) -> Path | None:
    """The file of an SQLite database; None for a server, or one that lives in memory."""
    rest = url.removeprefix("sqlite:///")
    return Path(rest) if rest not in {url, ":memory:"} else None


def _os_user(env: Mapping[str, str]) -> str | None:
    try:
        import os
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return env.get("USERNAME") or env.get("USER") or None
