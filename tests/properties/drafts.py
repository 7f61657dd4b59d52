"""Random definitions with everything that the format can say: every kind of step and every key, block-structured.

A draft is a plain document, drawn from a seeded generator: the same seed gives the same definition on every machine. Those
that the checks of the engine refuse are thrown away, as an author's would be.
"""

import json
import random
import re
from typing import Any

from engine.canonical import canonical_document, fingerprint
from engine.check import check
from engine.definition import Definition
from engine.procedure import Procedure
from engine.scope import names

Document = dict[str, Any]

ROLES = ("maker", "checker", "operator", "boss")
SKILLS = ("video", "korean")
PLATFORMS = ("weibo", "wechat", "douyin")
SIGNALS: Document = {
    "paid": {"form": {"amount": {"type": "number", "required": True}}},
    "seen": {"keep": True, "form": {"note": {"type": "text"}}},
}
INPUTS: Document = {
    "platforms": {"type": "multi_choice", "options": list(PLATFORMS), "required": True},
    "reviewers": {"type": "users"},
    "posts": {"type": "table", "columns": {"title": {"type": "text"}, "cost": {"type": "money"}}},
    "contact": {"type": "user"},
    "launch": {"type": "date"},
}
PARAMETERS: Document = {
    "rounds": {"type": "number", "default": 2, "source": "x", "confidence": "team"},
    "needed": {"type": "number", "default": 2, "source": "x", "confidence": "team"},
    "sla": {"type": "duration", "default": "PT4H", "source": "x", "confidence": "team"},
}
FIELDS: Document = {
    "flag": {"type": "bool", "required": True},
    "twice": {"type": "number", "value": "{0}.n * 2"},
    "n": {"type": "number"},
    "tags": {"type": "text", "many": True},
    "who": {"type": "user"},
    "risk": {"type": "choice", "options": ["low", "high"]},
    "places": {"type": "multi_choice", "options": list(PLATFORMS)},
    "cost": {"type": "money"},
    "on": {"type": "date"},
    "rows": {"type": "table", "columns": {"title": {"type": "text"}, "cost": {"type": "money"}}},
    "list": {"type": "checklist", "items": ["one", "two"]},
    "scan": {"type": "file"},
}


class Draft:
    """A definition in the making: every loop limited, every name unique.

    Args:
        rng: what everything is drawn from.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.count = 0
        self.done: list[str] = []
        """Tasks outside items, which can be read further down."""
        self.regions: list[str] = []
        """Branches and for-each steps that are complete, outside items."""

    def some(self, chance: float) -> bool:
        """True with this chance."""
        return self.rng.random() < chance

    def track(self, depth: int, *, inside: bool = False) -> list[Document]:
        """One to four steps; some ways lead back or forward within it."""
        steps: list[Document] = []
        for _ in range(self.rng.choice((1, 1, 2, 2, 3, 4) if depth < 2 else (2, 3, 4))):
            steps.append(self.step(depth, steps, inside=inside))
        for number, step in enumerate(steps[:-2]):
            if "outcomes" in step and self.some(0.2):
                step["outcomes"]["ahead"] = self.rng.choice(steps[number + 2 :])["id"]
        return steps

    def step(self, depth: int, before: list[Document], *, inside: bool) -> Document:
        """One step of any kind, with everything inside it."""
        self.count += 1
        name = f"s{self.count}"
        kinds = ["task"] * 4 + ["approval", "approval", "wait", "run", "decide"]
        kind = self.rng.choice(kinds + ["parallel", "parallel", "first", "for_each", "for_each"] * (2 if depth else 0))
        if kind in {"task", "approval"}:
            found = self.human(name, kind, before, inside=inside)
        elif kind == "parallel":
            found = self.parallel(name, depth, inside=inside)
        elif kind == "for_each":
            found = self.items(name, depth, inside=inside)
        elif kind == "first":
            found = {"id": name, "first": {f"f{n}": self.alternative(depth, inside=inside) for n in range(self.rng.choice((2, 3)))}}
        else:
            found = {"wait": self.wait, "run": self.run, "decide": self.decide}[kind](name, before)
        if self.some(0.12):
            found["when"] = self.condition()
        if kind == "task" and not inside:
            self.done.append(name)
        return found

    def human(self, name: str, kind: str, before: list[Document], *, inside: bool, plain: bool = False) -> Document:
        """A step that people do."""
        rng, role = self.rng, self.rng.choice(ROLES)
        found: Document = {"id": name, "form": self.form(name)}
        if kind == "approval":
            of = rng.sample(self.done, min(len(self.done), rng.choice((0, 1, 1, 2))))
            of += [step["id"] for step in before if inside and "role" in step and self.some(0.5)]
            found["approval"] = {"role": role, "of": of, "quorum": rng.choice((1, 1, 1, 2, "$needed"))}
            back = next((step["id"] for step in reversed(before) if "role" in step), name)
            ways: Document = {"approve": "next", "back": {**self.limited(back), "reason": "required"}}
        else:
            found["role"] = role
            ways = {"done": "next", "again": self.limited(rng.choice([name, *(step["id"] for step in before)]))}
        if self.some(0.25):
            ways["out"] = rng.choice(["leave", "end(stopped)", "end"])
        if self.regions and self.some(0.35):
            ways["drop"] = {"to": "next", "cancels": rng.sample(self.regions, 1)}
        if kind == "task" and self.some(0.1):
            ways["if_flag"] = {"to": "next", "when": f"{name}.flag"}
        found["outcomes"] = ways
        if not plain:
            self.people(found, kind)
        self.times(found)
        return found

    def people(self, found: Document, kind: str) -> None:
        """Who of the role gets the task, and what keeps people from it."""
        rng = self.rng
        single = kind == "task" or found["approval"]["quorum"] == 1
        if self.some(0.35):
            found["assign"] = rng.choice(("offer", "round_robin", "least_loaded", "random", "familiar"))
        if self.some(0.12):
            found["skill"] = rng.choice(SKILLS)
        if self.done and self.some(0.12):
            found["same_as"] = rng.choice(self.done)
        if self.some(0.15):
            if self.some(0.5):
                found["from"] = rng.choice(["inputs.contact", *(f"{name}.who" for name in self.done)])
            else:
                found["lead"] = rng.choice([True, *self.done])
        if self.some(0.1):
            found["not_from"] = [rng.choice(["inputs.contact", "inputs.reviewers", *(f"{name}.who" for name in self.done)])]
        if single and self.some(0.12):
            found["critical"] = "studio"
        if self.done and self.some(0.08):
            found["while"] = rng.choice([f"!{rng.choice(self.done)}.done", f"{rng.choice(self.done)}.outcome != 'again'"])

    def times(self, found: Document) -> None:
        """When it is due, and what happens then."""
        if self.some(0.3):
            found["due"] = self.rng.choice(["2h", "$sla", "1 business day", "1 day before inputs.launch", "6h after start"])
            if self.some(0.3):
                found["due"] = [{"when": self.condition(), "due": "2h"}, {"else": found["due"]}]
            found["remind"] = self.rng.sample(["-1h", "2h", "-$sla"], self.rng.choice((0, 1, 2)))
            found["escalate"] = [{"after": "1h", "to": self.rng.choice(("lead", *ROLES))}] if self.some(0.5) else []

    def form(self, name: str) -> Document:
        """A form, with the fields that conditions read."""
        chosen = ["flag", "who", "n", *self.rng.sample(sorted(set(FIELDS) - {"flag", "who", "n"}), self.rng.choice((0, 1, 3)))]
        form = {field: dict(FIELDS[field]) for field in chosen}
        if "twice" in form:
            form["twice"]["value"] = form["twice"]["value"].format(name)
        return form

    def wait(self, name: str, _before: list[Document]) -> Document:
        """A wait for a signal, a time or a moment."""
        what = [
            {"signal": "paid"},
            {"signal": "seen"},
            {"for": "2h"},
            {"until": "1 day after start"},
            {"until": "1h before inputs.launch"},
        ]
        return {"id": name, "wait": self.rng.choice(what)}

    def run(self, name: str, before: list[Document]) -> Document:
        """A child run, waited for or not."""
        if self.some(0.4):
            return {"id": name, "run": "other", "detached": True}
        found: Document = {"id": name, "run": "other", "with": {"n": "1 + 1"}}
        if self.some(0.6):
            found["outcomes"] = {"rejected": self.limited(self.rng.choice([name, *(step["id"] for step in before)]))}
            if self.regions and self.some(0.3):
                found["outcomes"]["cancelled"] = {"to": "next", "cancels": self.rng.sample(self.regions, 1)}
        return found

    def decide(self, name: str, before: list[Document]) -> Document:
        """An automatic choice: on, or back to where somebody acts."""
        ways: list[Document] = [{"when": self.condition(), "to": "next"}]
        if back := [step["id"] for step in before if "role" in step]:
            ways.append({"when": self.condition(), **self.limited(self.rng.choice(back))})
        return {"id": name, "decide": [*ways, {"else": self.rng.choice(["next", "next", "leave"])}]}

    def alternative(self, depth: int, *, inside: bool) -> Any:  # noqa: ANN401 - a branch, long or short
        """An alternative: begins with a person or a wait."""
        self.count += 1
        name = f"s{self.count}"
        first = self.wait(name, []) if self.some(0.5) else self.human(name, "task", [], inside=inside, plain=self.some(0.5))
        steps = [first, *(self.track(depth - 1, inside=inside) if self.some(0.6) else [])]
        return {"when": self.condition(), "steps": steps} if self.some(0.1) else steps

    def parallel(self, name: str, depth: int, *, inside: bool) -> Document:
        """Branches at the same time, perhaps only some of them."""
        branches: Document = {
            f"b{n}": {"steps": self.track(depth - 1, inside=inside)} for n in range(self.rng.choice((1, 2, 2, 3)))
        }
        for branch in branches.values():
            if self.some(0.25):
                branch["when"] = self.condition()
        found = {"id": name, "parallel": branches, **self.join(len(branches), inside=inside)}
        self.regions += [] if inside else [f"{name}.{branch}" for branch in branches]
        return found

    def items(self, name: str, depth: int, *, inside: bool) -> Document:
        """The same steps for each item of a list: of an input, of a form, of a table, or written down."""
        lists = ["inputs.platforms", "inputs.reviewers", "inputs.posts", "[]", "['x']", "['x', 'y', 'z']"]
        lists += [f"{done}.{field}" for done in self.done for field in ("places", "rows")]
        found: Document = {
            "id": name,
            "for_each": {f"i{name}": self.rng.choice(lists)},
            "steps": self.track(depth - 1, inside=True),
        }
        found |= {"open": self.some(0.4), **self.join(3, inside=inside)}
        self.regions += [] if inside else [name]
        return found

    def join(self, most: int, *, inside: bool) -> Document:
        """How many tracks are needed, what becomes of the rest, and whether they take turns."""
        join = self.rng.choice(["all", "all", "any", min(2, most)])
        found = {"join": join, "one_at_a_time": self.some(0.2)}
        if not inside and join != "all" and self.some(0.5):
            found["rest"] = "continue"
        return found

    def limited(self, back: str) -> Document:
        """A way back that ends somewhere."""
        return {
            "to": back,
            "rounds": self.rng.choice((1, 2, "$rounds")),
            "then": self.rng.choice(("next", "leave", "end(given_up)")),
        }

    def condition(self) -> str:
        """A condition that always has an answer where forms are complete."""
        known = [f"({name}.done && {name}.outcome == 'done')" for name in self.done[-3:]]
        known += [f"{name}.rounds > 1" for name in self.done[-2:]] + ["inputs.platforms.exists(p, p == 'weibo')"]
        return self.rng.choice(["true", "true", "false", "run.drill", *known])


def document(rng: random.Random) -> Document:
    """One random document, which the checks may refuse."""
    draft = Draft(rng)
    steps = draft.track(2)
    more: Document = {}
    if len(draft.done) > 1 and draft.some(0.6):
        more["separate"] = [rng.sample(draft.done, min(len(draft.done), rng.choice((2, 2, 3))))]
    acts = ("skip", "rewind", "suspend", "reopen", "correct", "override", "signal", "assign", "cancel")
    permissions = {act: rng.sample(("lead", *ROLES), 1) for act in acts if draft.some(0.2)}
    if draft.some(0.4):
        permissions["override"] = ["boss"]
    results = {"answer": f"{draft.done[0]}.n"} if draft.done and draft.some(0.3) else {}
    return {
        "sop": "sample", "version": "1.0.0", "title": "Sample", "purpose": "To be tested.", "scope": "This test.", "owner": "lead",
        "roles": ["lead", *ROLES], "inputs": INPUTS, "parameters": PARAMETERS, "signals": SIGNALS, "permissions": permissions,
        "steps": steps, "results": results, **more,
    }  # fmt: skip


def procedure_of(made: Document) -> Procedure | None:
    """The procedure of a document; None where the checks refuse it."""
    definition = Definition.model_validate(_without_strangers(made))
    if any(problem.severity == "error" for problem in check(definition)):
        return None
    return Procedure.compiled(definition)


def _without_strangers(made: Document) -> Document:
    """*made*, its for-each steps and named people only over fields that the forms have come out with."""
    known = set(names(canonical_document(Definition.model_validate(made))).at("results"))

    def mended(part: Any) -> Any:  # noqa: ANN401 - any part of a document
        if isinstance(part, list):
            return [mended(one) for one in part]
        if not isinstance(part, dict):
            return part
        if "for_each" in part:
            ((item, text),) = part["for_each"].items()
            plain = text.startswith("[") or text in known
            part = {**part, "for_each": {item: text if plain else "['x', 'y']"}}
        return {key: mended(value) for key, value in part.items()}

    found: Document = mended(made)
    return found


def drafted(rng: random.Random) -> Procedure:
    """A random definition that the checks accept."""
    while True:
        if (found := procedure_of(document(rng))) is not None:
            return found


def next_version(rng: random.Random, old: Procedure) -> tuple[Procedure, dict[str, str]]:
    """Another version of *old*, with some steps called otherwise and one more at the end; and the new names of its steps."""
    text = json.dumps(old.document)
    mapping: dict[str, str] = {}
    for step in rng.sample(sorted(old.steps), min(2, len(old.steps))):
        mapping[step] = f"{step}x"
        text = re.sub(rf"\b{step}\b", f"{step}x", text)
    made = json.loads(text)
    _, minor, _ = old.version.split(".")
    made["version"] = f"1.{int(minor) + 1}.0"
    made["steps"].append({"id": f"extra{minor}", "role": "maker"})
    return Procedure(made, fingerprint(made)), mapping
