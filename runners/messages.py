"""What codes and events are in words. The engine gives codes and facts; every door makes its sentences here.

Whatever a person wrote passes through ``engine.text.clean`` before it stands in a sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from engine.frozen import frozen
from engine.problems import Problem
from engine.refusals import Code, Kind, Reason
from engine.text import clean
from engine.values import Value
from runners.exits import CONFLICT, DENIED, FAILED, MISSING, USAGE
from runners.lengths import span
from runners.refusals import ACTS, CHOOSES, CHOSEN, INNER, LONGER, MILESTONE, SENTENCES, STANDINGS, TYPES
from runners.tongue import retold, spoken

_EXIT: Final = {Kind.DENIED: DENIED, Kind.MISSING: MISSING, Kind.CONFLICT: CONFLICT, Kind.USAGE: USAGE, Kind.RULE: FAILED}
"""In order of what decides when there are several: what no retry mends comes first."""

Names = Callable[[str], str]
"""From a pseudonym to what people call that person."""

_ASKED: Final = ("field", "outcome", "role", "signal", "step", "track", "sop", "team")
"""Facts that somebody typed; a name near to them is suggested."""

_PEOPLE: Final = frozenset({"person", "by", "lead"})
_TYPED: Final = frozenset({"type", "was"})


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"({key})"


class _Capitals(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "" if key == "meant" else key.upper()


def ago(at: str, now: str) -> str:
    """How long before *now* the instant *at* was: ``40 seconds ago``; for later instants ``in 2 hours``."""
    gap = datetime.fromisoformat(now) - datetime.fromisoformat(at)
    text = span(abs(gap).total_seconds(), roughly=True)
    return spoken("in {span}", span=text) if gap < timedelta() else spoken("{span} ago", span=text)


_NEAR: Final = 0.65
"""How alike a name must be to be suggested, from 0 to 1."""


def meant(given: str, known: Sequence[str], *, shown: int = 12) -> str:
    """``did you mean …?`` where a known name is near, else what there is."""
    from difflib import get_close_matches

    known = list(dict.fromkeys(known))
    # Every task of a run begins alike; what differs stands behind the slash.
    ends = {name.rpartition("/")[2].casefold(): name for name in reversed(known)}
    near = get_close_matches(given.rpartition("/")[2].casefold(), list(ends), 1, _NEAR)
    if near:
        return spoken("did you mean {name}?", name=clean(ends[near[0]]))
    if not known:
        return spoken("there is none")
    names = ", ".join(clean(name) for name in known[:shown])
    if len(known) > shown:
        return spoken("there is {names} and {count} more", names=names, count=len(known) - shown)
    return spoken("there is {names}", names=names)


def _who(act: str, lead: str, roles: str) -> str:
    """Who may do *act* in a run, in words."""
    from engine.authority import ORG, TABLE

    standings = [one for one in TABLE.get(act, ()) if not one.startswith(ORG) and not (roles and one == "anybody")]
    found = [spoken(STANDINGS[standing], lead=lead) for standing in standings]  # a role that is named shuts everybody else out
    found += [spoken("whoever holds {roles}", roles=roles)] if roles else []
    return ", ".join(found) or spoken("nobody but a role that the definition names")


def _see(act: str, run: str) -> str:
    """Where to look who that is: not at what somebody may not see, nor at a run that never began."""
    if act == "read":
        return spoken("one of them can say what is in it")
    if run:
        return spoken("sop show {run}   shows who holds which role", run=run)
    return spoken("sop role list   shows who holds which role")


def _flag(field: str, kind: str) -> str:
    if field.startswith("parameters."):
        return f"--param {field.removeprefix('parameters.')}=…"
    return {"file": f"--evidence {field}=PATH", "table": "--form FILE"}.get(kind, f"--set {field}=…")


def _words_of(reason: Reason, facts: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong and what to do, in the form that fits the facts best."""
    code = reason.code
    if code is Code.NOT_PASSED and "owner" in reason.facts:
        return INNER
    if code is Code.GUARD_FALSE and reason.facts.get("outcome") == "":
        return MILESTONE
    sentence, hint = SENTENCES[code]
    if code is Code.FIELD_INVALID and "referred" in reason.facts:
        hint = "{meant}"
    longer = (found for needed, found in LONGER.get(code, ()) if all(facts.get(name) for name in needed))
    chosen = CHOSEN.get((code, str(reason.facts.get(CHOOSES.get(code, "")))))
    return chosen or next(longer, sentence), hint


@frozen
class Sentences:
    """Makes the sentences about one run.

    Attributes:
        run: its name; empty where there is none yet.
        names: what pseudonyms are called.
        now: the instant, for ``40 seconds ago``; empty leaves such words out.
    """

    run: str
    names: Names
    now: str = ""

    def sentence(self, reason: Reason) -> str:
        """What is wrong."""
        facts = self._facts(reason)
        return spoken(_words_of(reason, facts)[0]).format_map(facts)

    def hint(self, reason: Reason) -> str:
        """What to do about it; several lines where there are several ways, empty where nothing helps."""
        facts = self._facts(reason)
        return spoken(_words_of(reason, facts)[1]).format_map(facts)

    def _facts(self, reason: Reason) -> _Facts:
        facts = _Facts(run=clean(self.run))
        for name, value in reason.facts.items():
            if name in _PEOPLE:
                facts[name] = clean(self.names(str(value)))
            else:
                facts[name] = _shown(name, value)
        address = next((str(reason.facts[name]) for name in ("step", "track") if name in reason.facts), "")
        facts["task"] = clean("/".join(part for part in (self.run, address) if part))
        facts["inside"] = clean(f"{reason.facts.get('run') or self.run}/{address}")
        facts["flag"] = clean(_flag(str(reason.facts.get("field", "")), str(reason.facts.get("type", ""))))
        given = next((str(reason.facts[name]) for name in ("referred", *_ASKED) if name in reason.facts), "")
        known = reason.facts.get("known", ())
        facts["meant"] = meant(given, known if isinstance(known, tuple) else ())
        if not known and reason.code in {Code.NO_TASK, Code.NO_TRACK} and self.run:
            facts["meant"] = spoken("sop show {run}   shows what is open", run=facts["run"])
        if reason.code is Code.NOT_PERMITTED:
            facts["who"] = _who(str(reason.facts.get("act", "")), facts["lead"], facts.get("roles", ""))
            facts["see"] = _see(facts["act"], facts["run"])
        if "act" in facts:
            facts["act"] = spoken(ACTS.get(facts["act"], facts["act"]))
        if facts.get("what") == "bind":
            facts["what"] = "assign"  # as the command is called that binds roles
        if (at := str(reason.facts.get("at", ""))) and self.now:
            facts["when"] = ago(at, self.now)
        return facts


def _shown(name: str, value: Value) -> str:
    """A fact that is no person, as it stands in a sentence."""
    if isinstance(value, str):
        value = spoken(value) if name in _TYPED and value in TYPES else retold(value)
    return clean(", ".join(value) if isinstance(value, tuple) else str(value))


def explained() -> dict[str, tuple[str, str]]:
    """Every code of a refusal: its sentence, with capitals for the facts that come into it, and what to do."""
    facts = _Capitals()
    return {
        str(code): (spoken(sentence).format_map(facts), spoken(hint).format_map(facts))
        for code, (sentence, hint) in SENTENCES.items()
    }


def ordered(reasons: Sequence[Reason]) -> list[Reason]:
    """*reasons*, the one that decides the exit code first, each only once."""
    order = list(_EXIT)
    unique: list[Reason] = []
    for reason in sorted(reasons, key=lambda reason: order.index(reason.kind)):
        if reason not in unique:
            unique.append(reason)
    return unique


def exit_code(reasons: Sequence[Reason]) -> int:
    """The exit code for a refusal."""
    return _EXIT[ordered(reasons)[0].kind]


def problem_line(file: str, problem: Problem) -> str:
    """A finding as ``file:line:column: severity[code]: message``."""
    return f"{_place(file, problem)}: {problem.severity}[{problem.code}]: {_words(problem)}"


def problem_words(file: str, problem: Problem) -> str:
    """A finding as ``file:line:column: message``, for where its severity and code stand before it already."""
    return f"{_place(file, problem)}: {_words(problem)}"


def _place(file: str, problem: Problem) -> str:
    return clean(file) + (f":{problem.line}:{problem.column}" if problem.line else "")


def _words(problem: Problem) -> str:
    message, hint = clean(retold(problem.message)), clean(retold(problem.hint))
    return f"{message} ({hint})" if hint else message
