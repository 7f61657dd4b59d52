"""Days that are counted, in words."""

from collections.abc import Sequence

from runners.handbook.voice import Voice

_BETWEEN = frozenset(
    {"days_between", "workdays_between", "seconds_between", "minutes_between", "hours_between", "full_days_between"}
)


def counted(voice: Voice, function: str, given: Sequence[str]) -> str:
    """What *function* over dates gives for what is *given*, in words; empty for other functions."""
    if len(given) == 1:
        return voice.w("say.day_of", a=given[0]) if function == "day_of" else ""
    if len(given) != 2:  # noqa: PLR2004 - from when, to when
        return ""
    if function in {"plus", "minus"}:
        return voice.w("say.after" if function == "plus" else "say.before", time=given[1], what=given[0])
    if function == "at":
        return voice.w("say.clock", a=given[0], b=given[1])
    return voice.w(f"say.{function}", a=given[0], b=given[1]) if function in _BETWEEN else ""
