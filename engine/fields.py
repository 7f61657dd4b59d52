"""What a form field, an input or a parameter may be: the declarations, as they stand in a document."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from engine import limits
from engine.names import ID_PATTERN
from engine.text import hostile, said

FieldType = Literal[
    "text", "longtext", "number", "percent", "money", "rating", "date", "datetime", "duration", "bool",
    "choice", "multi_choice", "url", "file", "user", "users", "run", "table", "checklist",
]  # fmt: skip
"""The types of a value. See docs/reference/fields.md for what each accepts."""

Confidence = Literal["seed", "seed_reconstructed", "public", "practitioner", "inference", "team"]
"""How far a number can be trusted: from the client's documents, mended from them, public practice, practitioners'
habit, our own inference, or set by the team."""

COLUMN_TYPES: Final = frozenset(
    {"text", "longtext", "number", "percent", "money", "rating", "date", "datetime", "duration", "bool", "choice",
     "multi_choice", "url", "user", "run"}
)  # fmt: skip
_OPTION_TYPES: Final = frozenset({"choice", "multi_choice"})
_NUMBER_TYPES: Final = frozenset({"number", "percent", "money", "rating"})
_MANY_TYPES: Final = frozenset({"text", "url", "file", "run"})
COMPUTED_TYPES: Final = frozenset({"text", "number", "percent", "money", "bool", "choice", "date", "datetime", "duration"})
"""Types of what an expression can fill in."""
_BOUNDLESS: Final = frozenset({"duration", "bool", "choice", "url", "file", "user", "run", "checklist"})


class Model(BaseModel):
    """A part of a document: strict, frozen, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True)


def _texts(value: Any) -> Any:  # noqa: ANN401 - whatever the document holds
    """A plain string is a text in the definition's own language, which the empty tag stands for."""
    texts = {"": value} if isinstance(value, str) else value
    if isinstance(texts, dict):
        for text in texts.values():
            if isinstance(text, str) and (bad := hostile(text, lines=True)):
                raise ValueError(said("the text holds the control character {character}", character=f"U+{ord(bad):04X}"))
    return texts


TAG_PATTERN: Final = r"^([a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*)?$"
"""A BCP 47 tag as far as texts need one, or nothing for the definition's own language."""

Text = Annotated[
    dict[Annotated[str, Field(pattern=TAG_PATTERN)], Annotated[str, Field(min_length=1, max_length=limits.SCALAR_CHARACTERS)]],
    Field(min_length=1),
    BeforeValidator(_texts),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "minLength": 1}},
            ],
            "description": "A text in the definition's own language, or one text for each language tag (BCP 47).",
            "examples": ["Check the draft", {"en": "Check the draft", "zh-Hans": "审核初稿"}],
        }
    ),
]
"""A text in one or several languages."""


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """Marks a list for which one item may stand alone."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Make a list of what stands alone, before it is looked at."""
        return no_info_before_validator_function(lambda value: [value] if isinstance(value, dict | str) else value, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The list, or one item of it."""
        made = handler(schema)
        return {"anyOf": [made["items"], made]}


Id = Annotated[str, Field(pattern=ID_PATTERN, examples=["review"])]
Expression = Annotated[str, Field(min_length=1, max_length=limits.EXPRESSION_CHARACTERS, examples=["write.risk == 'high'"])]


def _labels(value: Any) -> Any:  # noqa: ANN401 - whatever the document holds
    """A list of ids stands for ids that are their own labels."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        if len(set(value)) != len(value):
            raise ValueError(said("an id stands in the list twice"))
        return {item: {"": item.replace("_", " ")} for item in value}
    return value


Labels = Annotated[
    dict[Id, Text],
    BeforeValidator(_labels),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "pattern": ID_PATTERN}},
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": ID_PATTERN},
                    "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "object"}]},
                },
            ],
            "description": "Ids, each with its label; a bare list labels each id with itself.",
        }
    ),
]
"""Ids with labels: options of a choice, items of a checklist."""


def _needed(kind: str, key: str, *, needed: bool, given: bool) -> None:
    """Refuse a field of type *kind* that lacks the *key* it needs, or has one that means nothing for it."""
    if needed and not given:
        raise ValueError(said("a {type} needs {key}", key=key, type=kind))
    if given and not needed:
        raise ValueError(said("a {type} takes no {key}", key=key, type=kind))


class FieldBase(Model):
    """What every field has. The value's type decides which of the constraints may be used."""

    type: FieldType = Field(description="What kind of value is asked for.")
    label: Text | None = Field(default=None, description="What the field is called; the id if absent.")
    help: Text | None = Field(default=None, description="One sentence that helps to fill it in.")
    required: bool = Field(default=False, description="The step cannot be completed without it.")
    options: Labels | None = Field(default=None, description="What can be chosen (choice, multi_choice).")
    items: Labels | None = Field(default=None, description="What must be ticked (checklist).")
    rule: Literal["all", "any"] | None = Field(default=None, description="How many items a checklist needs; all if absent.")
    min: int | float | str | None = Field(default=None, description="Smallest number, earliest date, shortest text, fewest rows.")
    max: int | float | str | None = Field(default=None, description="Largest number, latest date, longest text, most rows.")
    decimals: int | None = Field(default=None, ge=0, le=6, description="Digits after the point. number 0, percent 1, money 2.")
    unit: str | None = Field(default=None, max_length=40, description="Unit of a number, for people.")
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$", description="ISO 4217 code of an amount.")
    pattern: str | None = Field(
        default=None, max_length=500, description="Regular expression the whole text must match (linear-time syntax)."
    )
    many: bool = Field(default=False, description="Several values, as a list (text, url, file, run).")
    sop: Id | None = Field(default=None, description="Which SOP a referenced run must be of (run).")
    pii: bool = Field(default=False, description="Holds personal data; shown as erasable.")
    keep: bool = Field(default=False, description="Must be kept as a record.")
    calendar: bool = Field(default=False, description="Stands in the calendar (date, datetime): `sop calendar`.")

    @model_validator(mode="after")
    def _constraints_fit(self) -> Self:
        kind = self.type
        _needed(kind, "options", needed=kind in _OPTION_TYPES, given=bool(self.options))
        _needed(kind, "items", needed=kind == "checklist", given=bool(self.items))
        for name, allowed in (
            ("rule", {"checklist"}), ("decimals", _NUMBER_TYPES - {"rating"}), ("unit", _NUMBER_TYPES), ("currency", {"money"}),
            ("pattern", {"text", "longtext"}), ("many", _MANY_TYPES), ("sop", {"run"}), ("calendar", {"date", "datetime"}),
        ):  # fmt: skip
            if getattr(self, name) not in (None, False) and kind not in allowed:
                raise ValueError(said("{key} means nothing for a {type}", key=name, type=kind))
        if kind in _BOUNDLESS and not (self.min is None and self.max is None):
            raise ValueError(said("min and max mean nothing for a {type}", type=kind))
        return self


class Column(FieldBase):
    """A column of a table."""

    type: FieldType = Field(description="What kind of value stands in the column.")
    value: Expression | None = Field(
        default=None, description="Computed from its row (`row.COLUMN`) when the step is completed; nobody fills it in."
    )

    @model_validator(mode="after")
    def _plain(self) -> Self:
        if self.type not in COLUMN_TYPES or self.many:
            raise ValueError(said("a column cannot be a {type}", type="list" if self.many else self.type))
        if self.value is not None and self.required:
            raise ValueError(said("a computed column is not required"))
        if self.value is not None and self.type not in COMPUTED_TYPES:
            raise ValueError(said("a {type} cannot be computed", type=self.type))
        return self


class FormField(FieldBase):
    """One thing a person is asked for."""

    default: str | int | float | bool | list[str] | None = Field(default=None, description="Taken when nothing is given.")
    columns: dict[Id, Column] | None = Field(default=None, min_length=1, max_length=40, description="Columns of a table.")
    value: Expression | None = Field(default=None, description="Computed when the step is completed; nobody fills it in.")

    @model_validator(mode="after")
    def _table_and_value_fit(self) -> Self:
        _needed(self.type, "columns", needed=self.type == "table", given=bool(self.columns))
        if self.value is not None and (self.required or self.default is not None):
            raise ValueError(said("a computed field is neither required nor has it a default"))
        if self.value is not None and self.type not in COMPUTED_TYPES:
            raise ValueError(said("a {type} cannot be computed", type=self.type))
        return self


class Parameter(FormField):
    """A number or name of the procedure that a team may set; each says where its default comes from."""

    source: str = Field(min_length=1, max_length=200, description="Where the default comes from.")
    confidence: Confidence = Field(description="How far the default can be trusted.")

    @model_validator(mode="after")
    def _has_default_or_required(self) -> Self:
        if (self.default is None) != self.required:
            raise ValueError(said("a parameter has either a default or `required: true`"))
        if self.type in {"file", "table", "checklist"} or self.value is not None:
            raise ValueError(said("a parameter is a plain value"))
        return self
