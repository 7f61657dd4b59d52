"""Which languages somebody reads: as tags are written, and as the command line and the environment say it."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from engine.text import said

_CHINESE: Final = {"CN": "zh-Hans", "SG": "zh-Hans", "MY": "zh-Hans", "TW": "zh-Hant", "HK": "zh-Hant", "MO": "zh-Hant"}


def tags(texts: Iterable[str]) -> tuple[str, ...]:
    """The BCP 47 tags that *texts* are, each once. Raises ValueError for what is none."""
    found: list[str] = []
    for text in texts:
        tag = text.replace("_", "-")
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
            raise ValueError(said("language tags like en, pt-BR or zh-Hans"))
        found.append(tag)
        parts = tag.split("-")
        if parts[0].lower() == "zh" and parts[-1].upper() in _CHINESE:  # a place says which script its readers use
            found.append(_CHINESE[parts[-1].upper()])
    return tuple(dict.fromkeys(found))


def languages(env: Mapping[str, str], flag: str = "") -> tuple[str, ...]:
    """What the command line and the environment say about languages, best first, whatever the files say."""
    for given in (flag, env.get("SOP_LANG", "")):
        with suppress(ValueError):
            if given:
                return tags(split(given))
    return of_locale(env)


def split(text: str) -> list[str]:
    """The parts of a list that is written with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def of_locale(env: Mapping[str, str]) -> tuple[str, ...]:
    """The languages of the locale (``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``); English if it says nothing."""
    listed = [name for name in env.get("LANGUAGE", "").split(":") if name]
    single = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    names = [name.partition(".")[0].partition("@")[0] for name in [*listed, single]]
    return tags(n for n in names if re.fullmatch(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*", n)) or ("en",)
