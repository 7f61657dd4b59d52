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

if TYPE_CHECKING:
    from runners.audit.verify import Report


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
        raise usage("say what to verify", "sop verify RUN…, or sop verify --all")
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


def _of(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def told(out: Output, report: "Report") -> Iterator[Line]:
    """What was proved and what was found, as lines. A level that could check nothing says so."""
    levels = {finding.level for finding in report.findings}
    nothing_read = 0 < report.runs == len(report.unread)

    def line(about: set[str], checked: int, what: str, text: str) -> Line:
        if not levels.isdisjoint(about):
            return f"{out.sign('bad')} {text}", "late"
        if nothing_read and not checked:
            return f"{out.sign('late')} {what}: not checked", "soon"
        return f"{out.sign('good')} {text}", "good"

    of = [_of(report.runs, "run")] if report.runs or not report.directory else []
    of += ["the directory"] if report.directory else []
    chains = f"{_of(report.records, 'record')} of {' and '.join(of)}, chains unbroken"
    yield line({"chain", "head", "definition"}, 1, "chains", chains)
    yield line({"state", "rows"}, report.folded, "states", f"state of {_of(report.folded, 'run')} equals the histories")
    skipped = f"; {report.unchecked:,} not checkable after an erasure" if report.unchecked else ""
    decided = f"{_of(report.decided, 'command')} decided again, same answers{skipped}"
    yield line({"decision"}, report.decided + report.unchecked, "decisions", decided)
    gone = f"; {report.erased:,} erased" if report.erased else ""
    opened = f"{_of(report.values, 'value')} opened from commitments{gone}"
    yield line({"commitment"}, report.values + report.erased, "values", opened)
    if report.files is not None:
        yield line({"evidence"}, report.files, "evidence files", f"{_of(report.files, 'evidence file')} read again")
    for lost in report.gone:
        yield f"{out.sign('late')} {clean(lost.run)} record {lost.seq}: the value of {clean(lost.path)} is no longer kept", "soon"
    for found in report.findings:
        where = f" record {found.seq}" if found.seq >= 0 else ""
        yield f"  {clean(found.run)}{where}: {clean(found.what)} ({found.level})", "late"
    for run in report.unread:
        yield f"  {clean(run)} not checked further", "late"
