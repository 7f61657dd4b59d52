"""``sop publish``, ``sop retire``, ``sop versions`` and ``sop diff``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runners.cli.commands import command, pass_session
from runners.cli.completion import SOP
from runners.cli.doing import Line, key_of
from runners.cli.failures import Complaint, Failure, unreadable, usage
from runners.cli.options import noting, writing
from runners.cli.session import Session
from runners.cli.tables import Column, Item
from runners.cli.times import shown
from runners.exits import CHECK, CONFLICT, DONE, MISSING
from runners.tongue import marked, spoken, spoken_many

if TYPE_CHECKING:
    from engine.difference import Change
    from engine.procedure import Procedure


def _why(note: str, missing: str) -> str:
    if not note.strip():
        raise usage(missing, spoken('say why with -m "…"'), code="SOP-U03")
    return note.strip()


@command("publish")
@click.argument("file", type=click.Path(path_type=Path))
@noting("Why this version; everybody sees it.")
@writing
@pass_session
def publish_command(session: Session, file: Path, note: str, key: str, *, dry_run: bool) -> int:
    """Publish the definition in FILE: check it, show what changed, and let new runs start with it.

    Other content needs a higher version number. Open runs stay with theirs; sop migrate takes them over. Once somebody is
    a publisher in the organisation, only they and administrators publish, and nothing else is started.
    """
    from engine.limits import DOCUMENT_BYTES
    from engine.parse import read
    from runners.cli.checking import checked
    from runners.cli.findings import concise
    from runners.publishing import AlreadyOut, NotRising
    from runners.reading import content

    why = _why(note, spoken("publishing a version needs a reason"))
    me = session.me.id
    try:
        source = content(file, DOCUMENT_BYTES)
    except OSError as error:
        raise unreadable(file, error) from error
    problems = checked(session, [file], stored=True)
    if any(problem.severity == "error" for _, problem in problems):
        concise(session.out, problems)
        hint = spoken("sop lint {file}   shows every problem", file=file)
        raise Failure([Complaint("SOP-D00", spoken("{file} cannot be published as it is", file=file), hint)], CHECK)
    definition = read(source, name=file.name).definition
    assert definition is not None  # noqa: S101 - it was checked
    request = key_of(session, key, "publish", source.hex(), why)
    try:
        published = session.done(session.app.publisher.publish(definition, source, by=me, why=why, dry_run=dry_run, key=request))
    except NotRising as error:
        message = marked("version {version} of {sop} has other content")
        if not error.taken:
            message = marked("version {version} of {sop} is not above {last}")
        message = spoken(message, version=error.version, sop=definition.sop, last=error.last)
        hint = spoken("give it a version above {last}", last=error.last)
        raise Failure([Complaint("SOP-K02", message, hint)], CHECK) from error
    except AlreadyOut as error:
        message, hint = spoken("{version} was taken out of use", version=error), spoken("give it a new version number")
        raise Failure([Complaint("SOP-K02", message, hint)], CHECK) from error
    new = published.procedure
    value = {
        "sop": new.sop, "version": new.version, "fingerprint": new.fingerprint, "dry_run": dry_run,
        "previous": published.previous.version if published.previous else None, "repeated": published.repeated,
        "changes": [_change(session, change, new) for change in published.changes],
    }  # fmt: skip
    headline = marked("Published before: {sop} {version}") if published.repeated else marked("Published {sop} {version}")
    headline = marked("Would publish {sop} {version}") if dry_run else headline
    lines: list[Line] = [(spoken(headline, sop=new.sop, version=new.version), "")]
    if published.previous:
        lines += _told(session, published.changes, published.previous, new)
    session.out.thing(value, lines)
    if dry_run:
        session.out.note(spoken("Nothing was changed (dry run)."))
    elif published.previous:
        session.out.next(f"sop migrate --all --sop {new.sop} --to {new.version} --dry-run")
    return DONE


@command("retire")
@click.argument("sop", metavar="SOP@VERSION", type=SOP)
@noting("Why nobody should start with it any more.")
@writing
@pass_session
def retire_command(session: Session, sop: str, note: str, key: str, *, dry_run: bool) -> None:
    """Take a version out of use: no run starts with it any more. Runs that are open go on with it."""
    from runners.people import NotFound
    from runners.publishing import AlreadyOut

    why = _why(note, spoken("taking a version out of use needs a reason"))
    if "@" not in sop:
        session.app.library.sync()
        used = [f"{sop}@{line.version}" for line in session.app.publisher.versions(sop) if not line.retired_at]
        there = spoken("no version of {sop} is in use; sop versions {sop}", sop=sop)
        if used:
            there = spoken("in use: {versions}", versions=", ".join(used))
        raise usage(spoken("{sop} names no version", sop=sop), there)
    me = session.me.id
    session.app.library.sync()
    try:
        request = key_of(session, key, "retire", sop, why)
        line = session.done(session.app.publisher.retire(sop, by=me, why=why, dry_run=dry_run, key=request))
    except AlreadyOut as error:
        by = session.handle(error.line.retired_by)
        message = marked("{version} is out of use already, since {time}, by {person}")
        message = spoken(message, version=error, time=error.line.retired_at, person=by)
        raise Failure([Complaint("SOP-C05", message, f"sop versions {error.line.sop}")], CONFLICT) from error
    runs = sum(fingerprint == line.fingerprint for fingerprint, _ in session.app.views.open_ones(line.sop))
    value = {"sop": line.sop, "version": line.version, "fingerprint": line.fingerprint, "open": runs, "dry_run": dry_run}
    headline = marked("Would take {sop} {version} out of use") if dry_run else marked("Took {sop} {version} out of use")
    going = spoken_many("{count} open run of it goes on", "{count} open runs of it go on", runs)
    lines: list[Line] = [(spoken(headline, sop=line.sop, version=line.version), ""), (f"  {going}", "")]
    try:
        instead = session.app.library.find(line.sop).procedure.version
    except NotFound:
        instead = ""
    if not dry_run:
        none = spoken("no run of {sop} can be started now", sop=line.sop)
        lines.append(("  " + (spoken("new runs start with {version}", version=instead) if instead else none), ""))
    session.out.thing(value, lines)
    if dry_run:
        session.out.note(spoken("Nothing was changed (dry run)."))


@command("versions")
@click.argument("sop", type=SOP)
@pass_session
def versions_command(session: Session, sop: str) -> None:
    """The versions of SOP, the newest first: who published each and why, and how many open runs have it."""
    from runners.people import NotFound

    session.app.library.sync()
    lines = session.app.publisher.versions(sop)
    open_runs = [fingerprint for fingerprint, _ in session.app.views.open_ones(sop)]
    try:
        current = session.app.library.find(sop).procedure.fingerprint
    except NotFound:
        current = ""
    items = [
        {
            "sop": line.sop, "version": line.version, "fingerprint": line.fingerprint, "added": line.added_at,
            "by": session.handle(line.added_by) or None, "why": line.why, "current": line.fingerprint == current,
            "retired": line.retired_at, "retired_by": session.handle(line.retired_by) or None, "retired_why": line.retired_why,
            "open": open_runs.count(line.fingerprint),
        }
        for line in lines
    ]  # fmt: skip
    columns = [
        Column("", lambda item: session.out.sign("good") if item["current"] else "", style=_standing),
        Column(spoken("VERSION"), lambda item: item["version"], whole=True),
        Column(spoken("ADDED"), lambda item: shown(item["added"], session.now, session.zone, full=session.options.verbose > 0)),
        Column(spoken("BY"), lambda item: item["by"] or ""),
        Column(spoken("OPEN"), lambda item: str(item["open"]), right=True),
        Column(spoken("STATE"), _state, style=_standing),
        Column(spoken("FINGERPRINT"), lambda item: item["fingerprint"][:12]),
        Column(spoken("WHY"), lambda item: item["retired_why"] or item["why"] or ""),
    ]
    session.out.items(items, columns)
    if len(items) > 1:
        session.out.next(f"sop diff {sop}@{items[1]['version']} {items[0]['version']}")


def _state(item: Item) -> str:
    if item["retired_by"]:
        return spoken("retired by {person}", person=item["retired_by"])
    return spoken("retired") if item["retired"] else spoken("current") if item["current"] else ""


def _standing(item: Item) -> str:
    return "good" if item["current"] else "dim" if item["retired"] else ""


@command("diff")
@click.argument("old", metavar="SOP@VERSION", type=SOP)
@click.argument("new", metavar="[[SOP@]VERSION]", default="")
@click.option("--exit-code", is_flag=True, help="End with 5 if there is any difference.")
@pass_session
def diff_command(session: Session, old: str, new: str, *, exit_code: bool) -> int:
    """What changed between two versions, in words. Without the second one: what changed since the first.

    A part of a number is the newest version that begins with it: leaflet@1 is the last 1.x.y there is.
    """
    session.app.library.sync()
    sop = old.partition("@")[0]
    other = new if "@" in new else f"{sop}@{new}" if new else sop
    before, after = _version(session, old), _version(session, other)
    from engine.difference import difference

    changes = difference(before, after)
    value = {
        "old": {"sop": before.sop, "version": before.version, "fingerprint": before.fingerprint},
        "new": {"sop": after.sop, "version": after.version, "fingerprint": after.fingerprint},
        "changes": [_change(session, change, after) for change in changes],
    }
    headline = f"{before.sop} {before.version} → {after.sop} {after.version}"
    session.out.thing(value, [(headline, "bold"), *_told(session, changes, before, after)])
    return CHECK if exit_code and changes else DONE


def _version(session: Session, name: str) -> "Procedure":
    """What ``SOP``, ``SOP@VERSION`` or ``SOP@`` with the beginning of a version means. Raises Failure."""
    sop, _, wanted = name.partition("@")
    if not wanted:
        return session.app.publisher.procedure(sop)
    versions = list(dict.fromkeys(line.version for line in session.app.publisher.versions(sop)))
    found = next((version for version in versions if f"{version}.".startswith(f"{wanted}.")), "")
    if not found:
        facts = {"kind": "sop", "name": name, "known": [f"{sop}@{version}" for version in versions]}
        hint = spoken("there is {versions}; sop versions {sop}   says more of each", versions=", ".join(versions), sop=sop)
        message = spoken("there is no version {version} of {sop}", version=wanted, sop=sop)
        raise Failure([Complaint("SOP-N02", message, hint, facts)], MISSING)
    return session.app.publisher.procedure(f"{sop}@{found}")


def _change(session: Session, change: "Change", procedure: "Procedure") -> dict[str, Any]:
    from runners.differing import in_words

    return {
        "what": change.what, "where": change.where, "before": change.before, "after": change.after, "meaning": change.meaning,
        "words": in_words(change, session.settings.languages, procedure.lang),
    }  # fmt: skip


def _told(session: Session, changes: "list[Change] | tuple[Change, ...]", old: "Procedure", new: "Procedure") -> list[Line]:
    """What matters for runs first, then the words alone."""
    from runners.differing import in_words

    def words(change: "Change") -> str:
        return in_words(change, session.settings.languages, new.lang)

    if not changes:
        changed = spoken("nothing has changed since {version} but the number", version=old.version)
        return [("  " + (changed if old is not new else spoken("they are the same")), "")]
    found: list[Line] = []
    for title, meaning in ((spoken("What changes in a run:"), True), (spoken("Words only:"), False)):
        chosen = [change for change in changes if change.meaning == meaning]
        if chosen:
            found += [(f"  {title}", "dim"), *((f"    {_SIGNS[change.what]} {words(change)}", "") for change in chosen)]
    return found


_SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": "~", "renamed": "~"}
