"""What is no longer kept is listed value by value, and what is false is not taken for erased."""

import pytest

from engine import commands as c
from runners.audit.sealed import Erased
from tests.company import Company


@pytest.fixture
def over(company: Company) -> Company:
    """A company whose article is over, with its report."""
    company.pace = 1
    company.refused("eve", company.to_end(), c.Complete("write", values={"copy": "x", "risk": "low"}, note="Too late"))
    return company


def test_nothing_is_listed_where_everything_is_kept(over: Company) -> None:
    """The control: each commitment of every kind of record is found at the path where its value is kept."""
    report = over.audit()
    assert (report.findings, report.gone, report.unread) == ([], [], [])
    assert report.values == over.raw("SELECT count(*) FROM sop_payload")[0][0]


def test_each_value_that_is_gone_is_listed_with_its_place(over: Company) -> None:
    """Run, record and path of every value, whatever the event that carried its commitment."""
    rows = over.raw("SELECT run, seq, path FROM sop_payload")
    over.raw("DELETE FROM sop_payload")
    report = over.audit()
    assert report.findings == []
    assert sorted(report.gone) == sorted(Erased(*row) for row in rows)
    paths = {row[2] for row in rows}
    assert {"title", "inputs.topic", "note", "write.copy", "review.remark", "comment", "file", "refused.values"} <= paths
    assert any("/post.url" in path for path in paths)
    assert any(path.startswith("measure.results.") for path in paths)


def test_a_false_value_is_not_counted_as_erased(over: Company) -> None:
    """It is a finding, and nothing is gone."""
    over.raw("UPDATE sop_payload SET body = ? WHERE run = 'ART-1' AND path = 'comment'", b'"Stop"')
    report = over.audit()
    assert "the value of comment is not the one that was committed to" in [f.what for f in report.findings]
    assert (report.gone, report.erased) == ([], 0)
