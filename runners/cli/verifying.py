"""``sop verify``."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.text import clean
from runners.cli.commands import command, pass_session
from runners.cli.completion import RUN
from runners.cli.doing import Line
from runners.cli.failures import usage
from runners.cli.output import Output
from runners.cli.session import Session
from runners.cli.targets import run_of
from runners.exits import CHECK
from runners.tongue import marked, spoken, spoken_many

if TYPE_CHECKING:
    from runners.audit.report import Report


@command("verify")
@click.argument("runs", nargs=-1, type=RUN)
@click.option("--all", "every", is_flag=True, help="All runs of the database.")
@click.option("--evidence", is_flag=True, help="Read every evidence file again.")
@pass_session
def verify_command(session: Session, runs: Sequence[str], *, every: bool, evidence: bool) -> int:
    """Check RUN… or --all: the chain of records, the state they give, every decision again, and the values kept.

    Exit code 5 when anything is not as it was written. Once the organisation has auditors or administrators, this is for
    them, for its leads, and for the lead of the RUN.
    """
    if bool(runs) == every:
        raise usage(spoken("say what to verify"), spoken("sop verify RUN…, or sop verify --all"))
    from runners.audit.verify import Auditor
    from runners.cli.times import zone_of

    app = session.app
    whole = files_whole(session.settings.evidence) if evidence else None
    auditor = Auditor(app.database, zone_of, whole, app.reader)
    report = auditor.verify([run.upper() if run.upper() == "ORG" else run_of(run) for run in runs])
    value = {
        "sound": report.sound, "runs": report.runs, "records": report.records, "folded": report.folded,
        "decided": report.decided, "unchecked": report.unchecked, "values": report.values, "erased": report.erased,
        "files": report.files, "unread": report.unread,
        "gone": [{"run": lost.run, "seq": lost.seq, "path": lost.path} for lost in report.gone],
        "findings": [{"level": f.level, "run": f.run, "seq": f.seq, "what": f.what} for f in report.findings],
    }  # fmt: skip
    session.out.thing(value, list(told(session.out, report)))
    return 0 if report.sound else CHECK


def files_whole(root: Path) -> Callable[[str], bool]:
    """Tells of an evidence file below *root*, by its digest, whether its bytes are as they were."""
    from runners.store.errors import StoreError
    from runners.store.evidence import EvidenceFolder

    folder = EvidenceFolder(root)

    def whole(sha256: str) -> bool:
        try:
            folder.verify(sha256)
        except StoreError:
            return False
        return True

    return whole


def told(out: Output, report: "Report") -> Iterator[Line]:
    """What was proved and what was found, as lines. A level that could check nothing says so."""
    levels = {finding.level for finding in report.findings}
    nothing_read = 0 < report.runs == len(report.unread)

    def line(about: set[str], checked: int, what: str, text: str) -> Line:
        if not levels.isdisjoint(about):
            return f"{out.sign('bad')} {text}", "late"
        if nothing_read and not checked:
            return f"{out.sign('late')} {what}", "soon"
        return f"{out.sign('good')} {text}", "good"

    yield line({"chain", "head", "definition"}, 1, spoken("chains: not checked"), _chains(report))
    states = spoken_many(
        "state of {number} run equals the histories", "state of {number} runs equals the histories", report.folded,
        number=f"{report.folded:,}",
    )  # fmt: skip
    yield line({"state", "rows"}, report.folded, spoken("states: not checked"), states)
    decided = spoken_many(
        "{number} command decided again, same answers", "{number} commands decided again, same answers", report.decided,
        number=f"{report.decided:,}",
    )  # fmt: skip
    if report.unchecked:
        decided = spoken("{decided}; {number} not checkable after an erasure", decided=decided, number=f"{report.unchecked:,}")
    yield line({"decision"}, report.decided + report.unchecked, spoken("decisions: not checked"), decided)
    opened = spoken_many(
        "{number} value opened from commitments", "{number} values opened from commitments", report.values,
        number=f"{report.values:,}",
    )  # fmt: skip
    if report.erased:
        opened = spoken("{opened}; {number} erased", opened=opened, number=f"{report.erased:,}")
    yield line({"commitment"}, report.values + report.erased, spoken("values: not checked"), opened)
    if report.files is not None:
        files = spoken_many(
            "{number} evidence file read again", "{number} evidence files read again", report.files, number=f"{report.files:,}"
        )
        yield line({"evidence"}, report.files, spoken("evidence files: not checked"), files)
    yield from _found(out, report)


def _chains(report: "Report") -> str:
    """How many records are chained, and whose they are."""
    records = spoken_many("{number} record", "{number} records", report.records, number=f"{report.records:,}")
    of = spoken_many("{number} run", "{number} runs", report.runs, number=f"{report.runs:,}")
    if report.directory:
        of = spoken("{runs} and the directory", runs=of) if report.runs else spoken("the directory")
    return spoken("{records} of {what}, chains unbroken", records=records, what=of)


def _found(out: Output, report: "Report") -> Iterator[Line]:
    for lost in report.gone:
        words = marked("{run} record {seq}: the value of {path} is no longer kept")
        yield f"{out.sign('late')} {spoken(words, run=clean(lost.run), seq=lost.seq, path=clean(lost.path))}", "soon"
    for found in report.findings:
        words = marked("{run} record {seq}: {what} ({level})") if found.seq >= 0 else marked("{run}: {what} ({level})")
        what = clean(found.what)
        yield "  " + spoken(words, run=clean(found.run), seq=found.seq, what=what, level=found.level), "late"
    for run in report.unread:
        yield "  " + spoken("{run} not checked further", run=clean(run)), "late"
