"""``sop new`` and ``sop schema``."""

from collections.abc import Iterable
from pathlib import Path

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import SOP
from runners.cli.failures import Complaint, Failure, missing, usage, words_of
from runners.cli.session import Session
from runners.settings import Settings
from runners.tongue import spoken

_TEMPLATE = """\
# yaml-language-server: $schema=../schema/sop.draft7.schema.json
sop: {sop}
version: 1.0.0
{prefix}title: {{en: {title}}}
purpose: Say in one sentence what gets better when people follow this.
scope: Say what it covers, and what not.
owner: manager
roles: [manager, content_creator, content_reviewer]
separate: [[draft, review]] # never the same person
parameters:
  review_within: {{type: duration, default: 1 business day, source: set by the team, confidence: team}}
inputs:
  topic: {{type: text, required: true, label: Topic}}
steps:
  - id: draft
    title: {{en: Write a draft}}
    role: content_creator
    instructions: Say what to do, in the words of the person who does it.
    form:
      text: {{type: longtext, required: true, label: Draft}}
    due: 2 business days
  - id: review
    title: {{en: Review the draft}}
    approval: {{role: content_reviewer, of: [draft]}}
    due: $review_within
    remind: [-4h]
    outcomes:
      approve: next
      reject: {{to: draft, reason: required, rounds: 3, then: arbitrate}}
  - id: publish
    title: {{en: Publish}}
    role: content_creator
    form:
      link: {{type: url, required: true, label: Where it can be seen}}
    outcomes:
      done: end
  - id: arbitrate
    title: {{en: Decide what happens}}
    role: manager
    outcomes:
      publish: publish
      stop: end(stopped)
"""

_SCENARIOS = """\
# Played by `sop test`. Each scenario is a story: who does what, and what comes of it.
sop: {sop}
people: {{ana: {{}}, ben: {{}}, carla: {{}}}}
defaults:
  draft: {{set: {{text: A first draft}}}}
  publish: {{set: {{link: "https://example.org/post"}}}}
scenarios:
  - name: A draft is sent back once and then published
    at: 2026-03-02T09:00:00Z
    lead: ana
    roles: {{manager: ana, content_creator: ben, content_reviewer: carla}}
    inputs: {{topic: Spring}}
    acts:
      - {{do: draft, as: ben, set: {{text: ""}}, refused: SOP-F01}}
      - {{do: draft, as: ben}}
      - {{do: review, as: ben, outcome: approve, refused: [SOP-D01, SOP-D02]}}
      - {{do: review, as: carla, outcome: reject, refused: SOP-F06}}
      - {{after: 4 days}}
      - {{expect: {{late: [review]}}}}
      - {{do: review, as: carla, outcome: reject, note: The date is missing}}
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: approve}}
      - {{do: publish, as: ben, set: {{link: ""}}, refused: SOP-F01}}
      - {{do: publish, as: ben}}
    end: done
  - name: Nobody reviews until the manager names somebody
    at: 2026-03-02T09:00:00Z
    lead: ana
    roles: {{manager: ana, content_creator: ben}}
    inputs: {{topic: Spring}}
    acts:
      - {{do: draft, as: ben}}
      - {{expect: {{open: [review], blocked: [review]}}}}
      - {{bind: content_reviewer, as: ana, to: carla}}
      - {{expect: {{blocked: []}}}}
    end: open
  - name: After three rounds the manager stops it
    at: 2026-03-02T09:00:00Z
    lead: ana
    roles: {{manager: ana, content_creator: ben, content_reviewer: carla}}
    inputs: {{topic: Spring}}
    acts:
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Not yet}}
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Not yet}}
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Not yet}}
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Still not}}
      - {{do: arbitrate, as: ana, outcome: stop}}
    end: stopped
  - name: After three rounds the manager publishes it all the same
    at: 2026-03-02T09:00:00Z
    lead: ana
    roles: {{manager: ana, content_creator: ben, content_reviewer: carla}}
    inputs: {{topic: Spring}}
    acts:
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Not yet}}
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Not yet}}
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Not yet}}
      - {{do: draft, as: ben}}
      - {{do: review, as: carla, outcome: reject, note: Still not}}
      - {{do: arbitrate, as: ana, outcome: publish}}
      - {{do: publish, as: ben}}
    end: done
"""


@command("new")
@click.argument("name")
@click.option("--from", "source", metavar="SOP", default="", type=SOP, help="Begin from a copy of this SOP.")
@click.option("--prefix", metavar="LETTERS", help="What the names of its runs begin with; made from NAME if absent.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@pass_session
def new_command(session: Session, name: str, source: str, prefix: str | None, *, force: bool) -> None:
    """Write a new definition NAME.yaml, and a scenario file beside it, to begin from.

    With --from they are a copy, comments and all: with the new id, a prefix of its own, and version 1.0.0. They go into the
    project's .sop/definitions, or here where there is no project.
    """
    import re

    from engine.names import ID_PATTERN, RESERVED

    if not re.fullmatch(ID_PATTERN, name) or name in RESERVED:
        wrong = spoken("{name} is no id: small letters, digits and _, beginning with a letter, and no reserved word", name=name)
        raise usage(wrong)
    prefix = _prefix(session.settings, name, prefix)
    folder = session.settings.folder / "definitions" if session.settings.folder else Path.cwd()
    if source:
        from runners.copying import copies

        try:
            texts = copies(session.settings.definitions, source, name, prefix)
        except LookupError as error:
            raise missing("sop", source, sorted(error.args[0])) from error
        except ValueError as error:
            raise Failure([Complaint("SOP-D00", words_of(error))], 1) from error
    else:
        from engine.procedure import default_prefix

        title = name.replace("_", " ").capitalize()
        written = "" if prefix == default_prefix(name) else f"prefix: {prefix}\n"
        texts = {
            f"{name}.yaml": _TEMPLATE.format(sop=name, title=title, prefix=written),
            f"scenarios/{name}.scenario.yaml": _SCENARIOS.format(sop=name),
        }
    files = {folder / path: text for path, text in texts.items()}
    if not force:
        _spare(session.settings, name, files)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    made = [str(path) for path in files]
    session.out.thing({"made": made}, [(spoken("Made {what}", what=path), "") for path in made])
    session.out.next(f"sop lint {made[0]}")


def _prefix(settings: Settings, name: str, wanted: str | None) -> str:
    """The prefix that is *wanted* for the SOP *name*, or one that no other SOP has. Raises Failure for one that cannot be."""
    import re

    from engine.names import PREFIX_PATTERN
    from runners.prefixes import free_prefix, prefixes

    taken = prefixes(settings.definitions, name)
    if wanted is None:
        return free_prefix(name, taken)
    hint = spoken("leave out --prefix, and one that is free is made from the name")
    if not re.fullmatch(PREFIX_PATTERN, wanted):
        wrong = spoken("{text} is no prefix: two to eight capital letters and digits, beginning with a letter", text=wanted or "''")
        raise usage(wrong, hint)
    if wanted in taken:
        raise usage(spoken("the SOP {sop} has the prefix {prefix} already", sop=taken[wanted], prefix=wanted), hint, code="SOP-U04")
    return wanted


def _spare(settings: Settings, name: str, made: Iterable[Path]) -> None:
    """See that nothing is lost or hidden by making files for *name*. Raises Failure."""
    from runners.folders import sops

    there = next((path for path in made if path.exists()), None)
    if there:
        raise usage(spoken("{path} is there already", path=there), spoken("--force replaces it"), code="SOP-U04")
    if known := sops(settings.library).get(name):
        hint = spoken(
            "sop new OTHER_NAME --from {name}   begins from a copy\n--force makes another {name} that hides that one", name=name
        )
        raise usage(spoken("there is an SOP {name} already: {path}", name=name, path=known), hint, code="SOP-U04")


@command("schema")
@click.option("--draft", type=click.Choice(["2020-12", "7"]), default="2020-12", show_default=True, help="Which JSON Schema.")
@pass_session
def schema_command(session: Session, draft: str) -> None:
    """Print the JSON Schema of definitions. Most YAML editors know draft 7 and no newer."""
    from engine.schema import draft7, json_schema, render

    session.out.raw(render(draft7() if draft == "7" else json_schema()).rstrip("\n"))
