"""Values that cannot be changed, of classes that are cheap to make.

``dataclass(frozen=True)`` compiles six methods for each class, whether they are used or not. The fifty classes of commands,
events and states took a fifth of what a person waits for at the command line. Here all share their methods, but for
``__init__``, which is compiled when the first value of a class is made. They are dataclasses all the same: ``fields`` and
``replace`` know them.
"""

from dataclasses import FrozenInstanceError, dataclass, field, fields, make_dataclass
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Makes *cls* what ``dataclass(frozen=True, slots=True)`` would make it."""
    for method in (_init, _repr, _eq, _hash, _setattr, _delattr, _reduce):
        setattr(cls, f"_{method.__name__}__", method)
    return dataclass(init=False, repr=False, eq=False, slots=True)(cls)


def _init(self: Any, *args: Any, **given: Any) -> None:  # noqa: ANN401 - any frozen value
    """Puts the class's own ``__init__`` in its place, and calls it."""
    kind = type(self)
    kind.__init__ = _compiled(kind)
    kind.__init__(self, *args, **given)


def _compiled(kind: Any) -> Any:  # noqa: ANN401 - a class of frozen values, and its __init__
    """What a frozen dataclass of the same fields begins with; it does not ask whose fields they are."""
    known = [(part.name, Any, field(default=part.default, default_factory=part.default_factory)) for part in fields(kind)]
    made: Any = make_dataclass(kind.__name__, known, frozen=True, repr=False, eq=False)
    return made.__init__


def parts(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any frozen value
    """Name to value of every field of a frozen *value*, in order."""
    return {name: getattr(value, name) for name in value.__slots__}


def _values(value: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple([getattr(value, name) for name in value.__slots__])


def _repr(self: Any) -> str:  # noqa: ANN401
    told = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
    return f"{type(self).__qualname__}({told})"


def _eq(self: Any, other: object) -> bool:  # noqa: ANN401
    if self is other:  # what has not changed in a large state is most often the very same
        return True
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:  # noqa: ANN401
    return hash(_values(self))


def _setattr(_self: Any, name: str, _value: object) -> None:  # noqa: ANN401
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_self: Any, name: str) -> None:  # noqa: ANN401
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return type(self), _values(self)
