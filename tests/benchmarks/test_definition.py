"""Loading definitions: one of twenty steps, cold, from YAML, and cached, compiled in the database; and the whole library."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import definitions as shipped
from engine.canonical import canonical_document
from engine.check import check
from engine.definition import Definition
from engine.parse import read
from runners.clock import SystemClock
from runners.folders import files
from runners.library import Library

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.benchmarks.conftest import Compared, Figures, House

pytestmark = pytest.mark.benchmark

OpenHouse = Callable[[str, Path], "AbstractContextManager[House]"]
SOURCE = (Path(__file__).parent / "long_sop.yaml").read_bytes()


def checked() -> None:
    """All that is done with a file that has changed."""
    parsed = read(SOURCE, name="long_sop.yaml")
    assert parsed.definition is not None
    assert not [problem for problem in check(parsed.definition, known={}) if problem.severity == "error"]


def loaded() -> None:
    """The reference: libyaml alone."""
    yaml.load(SOURCE, Loader=yaml.CSafeLoader)


def test_a_definition_that_has_changed(compare: Callable[..., "Compared"], figure: "Figures") -> None:
    """Parsed with a place for every value, validated and checked, against libyaml alone."""
    document = yaml.load(SOURCE, Loader=yaml.CSafeLoader)
    parts = {
        "read with places and limits": compare(lambda: read(SOURCE, name="long_sop.yaml"), loaded, 15),
        "model alone": compare(lambda: Definition.model_validate(document), loaded, 15),
    }
    told = "; ".join(f"{name} {part.ratio:.2f} x" for name, part in parts.items())
    whole = compare(checked, loaded, 15)
    figure("definition, cold", whole.ratio, 1.25, told=f"{whole.told()}; {told}")


def test_a_definition_that_is_known(
    tmp_path: Path, open_house: OpenHouse, figure: "Figures", compare: Callable[..., "Compared"]
) -> None:
    """The compiled document out of the database, by a process that has not seen it; and looking whether its file changed."""
    with open_house(f"sqlite:///{tmp_path / 'sop.db'}", tmp_path / "sops") as house:
        fingerprint = house.library.find("long_sop").procedure.fingerprint

        def fresh() -> None:
            with house.database.read() as unit:
                Library(house.database, [tmp_path / "sops"], SystemClock()).procedure(unit, fingerprint)

        cached = compare(fresh, loaded, 60)
        synced = compare(house.library.sync, loaded, 60)
    told = f"of {min(cached.reference) * 1e3:.2f} ms for libyaml; looking whether the file changed {min(synced.ours) * 1e3:.3f} ms"
    figure("definition, cached", min(cached.ours) * 1e3, 0.1, unit="ms", told=told)


LIBRARY = {path.name: path.read_bytes() for path in files([Path(next(iter(shipped.__path__)))])}
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ko")


def library_checked() -> None:
    """Every shipped definition is read, and checked against the others in four languages."""
    parsed = [read(body, name=name) for name, body in LIBRARY.items()]
    found = [(one.definition, one.places) for one in parsed if one.definition is not None]
    assert len(found) == len(LIBRARY) >= 23
    known = {definition.sop: canonical_document(definition) for definition, _ in found}
    for definition, places in found:
        assert not places.placed(check(definition, known=known, languages=LANGUAGES))


def library_loaded() -> None:
    """The reference: the C loader of PyYAML, and the models."""
    for body in LIBRARY.values():
        Definition.model_validate(yaml.load(body, Loader=yaml.CSafeLoader), by_alias=True, by_name=False)


def test_the_whole_library(compare: Callable[..., "Compared"], figure: "Figures") -> None:
    """All definitions read with places and limits and checked against one another, in CPU time."""
    whole = compare(library_checked, library_loaded, 7, time.process_time)
    size = sum(map(len, LIBRARY.values()))
    figure("whole library, read and checked", whole.ratio, 3, told=f"{len(LIBRARY)} files, {size:,} bytes; {whole.told()}")
