"""What the models cannot see in a definition: targets, people, names, times, languages. Asks every family of checks.

A check is total: it never raises for a definition, and it finds all problems at once. Problems carry paths; whoever read
the document gives them lines (:meth:`engine.places.Places.placed`).
"""

from collections.abc import Collection, Mapping

from engine.canonical import CanonicalError, canonical, canonical_document
from engine.checks import courses, graph, kpis, names, people, schedules, texts, times
from engine.checks.codes import Lint
from engine.checks.expressions import Expressions
from engine.checks.outline import Document, Outline
from engine.definition import Definition
from engine.problems import Problem
from engine.scope import Scopes
from engine.text import said


def check(
    definition: Definition,
    *,
    known: Mapping[str, Document] | None = None,
    roles: Collection[str] | None = None,
    languages: Collection[str] = (),
) -> list[Problem]:
    """Every problem of *definition*; errors keep it from being used, warnings do not.

    Args:
        definition: what is checked.
        known: canonical documents of the SOPs that exist, by id; None when nothing is known of others, which leaves ``run``
            and ``references`` unchecked.
        roles: the catalogue of roles; None where there is none.
        languages: language tags that every text must offer.

    Returns:
        The problems with paths and without lines, family by family.
    """
    document = canonical_document(definition)
    try:
        canonical(document)
    except CanonicalError as error:
        return [Problem(Lint.NUMBER, said("the definition cannot be written exactly: {why}", why=error.args[0]))]
    outline = Outline(document)
    found = [*graph.check(outline), *courses.check(outline)]
    scopes = Scopes(document)
    expressions = Expressions(outline, scopes)
    found += expressions.problems
    found += names.check(outline, expressions, known)
    found += people.check(outline, roles)
    found += times.check(outline, scopes)
    found += schedules.check(outline)
    found += kpis.check(outline, expressions)
    found += texts.check(document, languages)
    return found
