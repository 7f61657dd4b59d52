"""Conditions and values: CEL behind our own small interface. The only module that knows the expression library.

An expression is compiled against declared, typed names, so that a slip shows when the definition is checked, and
evaluated on plain data under limits. Everything that is not a clear answer raises: the library turns a missing name
into a value that Python takes for true, and deep data ends the process, so neither may pass unseen.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final, Literal

from engine import aggregates, dates, limits
from engine.calendar import Calendar
from engine.expression_words import habit, telling, unanswered, unreadable
from engine.mentions import bare, quoted, references
from engine.plain import Budget, PlainError, admit, plain
from engine.text import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cel_expr_python import cel

_HAS: Final = re.compile(r"\bhas\s*\(\s*([A-Za-z_][\w.\s]*?)\s*\)")
_PLACE: Final = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNDECLARED: Final = re.compile(r"undeclared reference to '([^']+)'")
_OTHER: Final = re.compile(r"(?:undeclared reference to|found no matching overload for) '([^']+)'")
_LOOPS: Final = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")
_STEPS: Final = 10_000
"""Where the library itself ends a loop."""
_POINTER: Final = 32
"""Bytes that one element takes when a list is copied; measured."""
_EVERYWHERE: Final = Calendar()
"""UTC, Monday to Friday: where nobody says in which calendar days are counted."""
_SHOWN: Final = 130
"""Two ids and a dot; what is longer is no name."""

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,), "int": (int,), "double": (float, int), "bool": (bool,), "list(string)": (list,),
    "list(map)": (list,), "map": (dict,), "dyn": (str, int, float, bool, list, dict, type(None)),
}  # fmt: skip
_WORDS: Final[Mapping[str, str]] = {
    "LIST<STRING>": "list(string)",
    "LIST<MAP<STRING, DYN>>": "list(map)",
    "LIST<DYN>": "list(dyn)",
    "MAP<STRING, DYN>": "map",
}

TYPE_WORDS: Final = frozenset(_TYPES)
"""The type words that a declared name may have."""


class ExpressionError(ValueError):
    """A text is no valid expression for the names that are visible to it.

    Attributes:
        message: what is wrong, in English, without the place.
        line: line inside the expression; the first is 1.
        column: column inside the expression; the first is 1.
        hint: what to do, or "did you mean …".
        unknown: the name that is not declared, if that is what is wrong.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1, hint: str = "", unknown: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint
        self.unknown = unknown


class GuardError(Exception):
    """An expression gave no usable answer for this data.

    ``reason`` says why. It may quote the data, so it is shown and never recorded.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Guard:
    """A compiled expression.

    Attributes:
        text: the expression as written.
        reads: the declared names it may read; nothing else of the data reaches the library.
        type: type word of its result (``bool``, ``list(string)``, ``dyn``, …).
        counts_days: it may ask the calendar.
    """

    __slots__ = ("_bool", "_copies", "_declared", "_error", "_loops", "_program", "counts_days", "reads", "text", "type")

    def __init__(self, text: str, program: cel.Expression, declared: Mapping[str, str], kinds: type[cel.Type]) -> None:
        self.text = text
        self.type = _word(program.return_type().name())
        self.reads = frozenset(declared)
        self.counts_days = dates.counts(text)
        self._program = program
        self._declared = tuple((name, _TYPES[word], word == "double") for name, word in declared.items())
        self._bool = kinds.BOOL
        self._error = kinds.ERROR
        self._loops = len(_LOOPS.findall(bare(text)))
        # Each + copies what is left of it once more; commas stand between the elements of lists, and once in each loop.
        self._copies = (1 + text.count("+") + max(0, text.count(",") - self._loops)) ** 2

    def holds(self, data: Mapping[str, object], calendar: Calendar = _EVERYWHERE) -> bool:
        """Whether the expression is true.

        Args:
            data: dotted names to plain values; names that the expression does not read are not looked at.
            calendar: what days are counted in.

        Raises:
            GuardError: the result is not a truth value: a name without a value, an error inside, unusable data.
        """
        found = self._evaluate(data, calendar)
        if found.type() != self._bool:
            raise GuardError(said("the result is a {type}, neither true nor false", type=_word(found.type().name())))
        return found.value() is True

    def value(self, data: Mapping[str, object], calendar: Calendar = _EVERYWHERE) -> Any:  # noqa: ANN401 - any plain value
        """The result as plain data: text, int, finite float, bool, or lists and maps of these.

        Raises:
            GuardError: there is no such result, or it is null, bytes, a time stamp or a duration.
        """
        found = self._evaluate(data, calendar)
        try:
            return plain(found, Budget())
        except (PlainError, RuntimeError) as error:
            raise GuardError(_reason(error)) from None

    def _evaluate(self, data: Mapping[str, object], calendar: Calendar) -> cel.Value:
        budget = Budget()
        given: dict[str, Any] = {}
        try:
            for name, kinds, real in self._declared:
                if name not in data:
                    continue  # an error only if it is read: `a.done && a.x == 1` must work before there is an a.x
                value = data[name]
                if type(value) not in kinds:
                    raise GuardError(
                        said("{name} is a {type}, which is not its declared type", name=name, type=type(value).__name__)
                    )
                admit(value, budget)
                given[name] = float(value) if real else value  # type: ignore[arg-type]
            self._afford(budget)
            aggregates.begin()
            dates.begin(calendar)
            found = self._program.eval(data=given)
        except (PlainError, RuntimeError) as error:
            raise GuardError(_reason(error)) from None
        if found.type() == self._error:
            raise GuardError(unanswered(str(found.value())))
        return found

    def _afford(self, budget: Budget) -> None:
        """Refuse loops that would copy too much: every copy lives until the evaluation ends."""
        if not self._loops:
            return
        widest = budget.widest + self.text.count(",") + 1
        rounds = min(widest**self._loops, _STEPS)
        longest = max(budget.longest, widest * _POINTER if "+" in self.text else 0)
        if rounds * longest * self._copies > limits.EXPRESSION_WORK:
            raise GuardError(said("the loops of the expression would copy too much data"))


class Compiler:
    """Compiles expressions against one set of visible names.

    Args:
        names: dotted name to type word (:data:`TYPE_WORDS`).
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._env: cel.Env | None = None

    def compile(self, text: str, *, result: Literal["bool", "any"] = "bool") -> Guard:
        """Check and compile *text*.

        Args:
            text: the expression, at most ``limits.EXPRESSION_CHARACTERS`` characters.
            result: ``bool`` refuses an expression that can be seen to give something else.

        Raises:
            ExpressionError: not an expression, an unknown name, types that do not fit, too long or too deep.
        """
        from cel_expr_python import cel

        _refuse_text(text, self._names)
        try:
            if self._env is None:
                self._env = _environment(cel, self._names)
            program = self._env.compile(text)
        except RuntimeError as error:
            raise _explain(str(error), text, self._names) from None
        declared = {name: self._names[name] for name in sorted(references(text, self._names))}
        guard = Guard(text, program, declared, cel.Type)
        if result == "bool" and guard.type not in {"bool", "dyn"}:
            raise ExpressionError(
                said("a condition is true or false, and this is a {type}", type=guard.type), hint=said("compare it: … == …")
            )
        return guard


def _refuse_text(text: str, names: Mapping[str, str]) -> None:
    if len(text) > limits.EXPRESSION_CHARACTERS:
        raise ExpressionError(said("the expression has more than {limit} characters", limit=limits.EXPRESSION_CHARACTERS))
    bad = next((c for c in text if not (c.isprintable() or c in "\n\t")), "")
    if bad:
        raise ExpressionError(said("the expression holds the character {character}", character=f"U+{ord(bad):04X}"))
    if quoted(text):
        raise ExpressionError(said("quoted names (`…`) are not used here"))
    for found in _HAS.finditer(bare(text)):
        # The library compiles has(a.b) of a declared name to the value itself: has(write.done) would be write.done.
        name = "".join(found[1].split())
        if name in names:
            raise ExpressionError(
                said("has() is for the keys of a map, and {name} is a name", name=name),
                *_position(text, found.start()),
                hint=said("{step}.done says whether the step was done", step=name.partition(".")[0]),
            )


def _explain(message: str, text: str, names: Iterable[str]) -> ExpressionError:
    """The library's message as ours: the first of its findings, with a place and the nearest known name."""
    found = _PLACE.search(message)
    if not found:
        if "recursion" in message:
            return ExpressionError(said("the expression is nested too deeply"), hint=said("compute a part of it in a field"))
        return ExpressionError(unanswered(message))
    line, column, what = int(found[1]), int(found[2]), found[3]
    name = found[1] if (found := _OTHER.match(what)) else ""
    if name in aggregates.FUNCTIONS:
        return ExpressionError(said("{function} takes one list of numbers", function=name), line, column, f"{name}([…, …])")
    if name in dates.FUNCTIONS:
        return ExpressionError(said("{function} takes other things", function=name), line, column, dates.SHAPES[name])
    if not _UNDECLARED.match(what):
        words, hint = unreadable(what, text)
        return ExpressionError(words, line, column, hint)
    start = re.search(rf"(?<![\w.]){re.escape(name)}\b", text)
    if start:
        line, column = _position(text, start.start())
    close = difflib.get_close_matches(name, list(names), n=1)
    hint = said("did you mean {name}?", name=close[0]) if close else habit(name, text)
    return ExpressionError(said("there is no {name} here", name=name[:_SHOWN]), line, column, hint, unknown=name)


def _position(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _reason(error: Exception) -> str:
    """Why there is no answer: our own words as they are, the library's in ours."""
    own: str = error.args[0] if isinstance(error, PlainError) else ""
    return own or unanswered(str(error))


def _word(name: str) -> str:
    return _WORDS.get(name) or re.sub(r"^(list|map)<.*", r"\1", name.lower())


def _environment(cel: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - the library's module and what it makes
    """An environment with declared *names* and functions over lists of numbers.

    Of a list of elements of any type the checker cannot know more than that it is a list. Both overloads have one
    implementation, because at run time the library tells lists from other things and not from one another.
    """
    kinds = cel.Type
    numbers = {"ints": kinds.List(kinds.INT), "doubles": kinds.List(kinds.DOUBLE)}
    functions = [
        cel.FunctionDecl(name, [cel.Overload(f"{name}_{of}", kinds.DOUBLE, [kind]) for of, kind in numbers.items()])
        for name in aggregates.FUNCTIONS
    ]
    implemented: dict[str, Any] = {f"{name}_doubles": telling(function) for name, function in aggregates.FUNCTIONS.items()}
    for name, overloads in dates.OVERLOADS.items():
        made = [_overload(cel, f"{name}_{number}", text) for number, text in enumerate(overloads)]
        functions.append(cel.FunctionDecl(name, made))
        implemented |= {f"{name}_{number}": telling(dates.FUNCTIONS[name]) for number in range(len(overloads))}
    variables = {name: _cel_type(cel, word) for name, word in names.items()}
    return cel.NewEnv(variables=variables, functions=functions, function_impls=implemented)


def _overload(cel: Any, name: str, text: str) -> Any:  # noqa: ANN401 - the library's module and what it makes
    """An overload of a function by its types: ``string int -> string``."""
    given, _, result = text.partition(" -> ")
    return cel.Overload(name, _cel_type(cel, result), [_cel_type(cel, word) for word in given.split()])


def _cel_type(cel: Any, word: str) -> Any:  # noqa: ANN401 - the library's module and type
    kinds = cel.Type
    simple = {"string": kinds.STRING, "int": kinds.INT, "double": kinds.DOUBLE, "bool": kinds.BOOL, "dyn": kinds.DYN}
    if word in simple:
        return simple[word]
    table = kinds.Map(kinds.STRING, kinds.DYN)
    return {"list(string)": kinds.List(kinds.STRING), "list(map)": kinds.List(table), "map": table}[word]
