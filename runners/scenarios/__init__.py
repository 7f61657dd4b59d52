"""Scenarios: stories told beside a definition, and played against it without a store and without a clock.

A scenario file names people, and tells what they do and what must come of it. Every act goes through the same ``decide``
as in earnest; time moves only where the story says so. The ways that the stories walk are counted, so that a definition
shows which of its ways nobody has tried.
"""

from runners.scenarios.coverage import Coverage, in_words
from runners.scenarios.files import run_file, scenario_files
from runners.scenarios.report import Report, ScenarioReport, Trouble, render

__all__ = ["Coverage", "Report", "ScenarioReport", "Trouble", "in_words", "render", "run_file", "scenario_files"]
