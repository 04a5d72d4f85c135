"""The report of a doctor: for people, and as JSON."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from ..._library import version
from ..output import harmless
from .examination import Examination, Stage
from .findings import Finding, Outcome

_MARKS = {
    Outcome.GOOD: "[ok]",
    Outcome.NOTE: "[note]",
    Outcome.WARNING: "[warning]",
    Outcome.PROBLEM: "[PROBLEM]",
    Outcome.SKIPPED: "[skipped]",
}
_WIDTH = 110


@dataclass(frozen=True)
class Report:
    """What was found at a server."""

    examination: Examination
    findings: list[Finding]

    @property
    def problems(self) -> list[Finding]:
        """What does not work."""
        return [finding for finding in self.findings if finding.outcome is Outcome.PROBLEM]

    def document(self) -> dict[str, Any]:
        """For JSON."""
        examination = self.examination
        return {
            "version": version(),
            "host": examination.address.host,
            "port": examination.address.port,
            "healthy": not self.problems,
            "findings": [
                {
                    "check": finding.check,
                    "outcome": finding.outcome.value,
                    "found": finding.found,
                    "explanation": finding.explanation,
                    "remedy": finding.remedy,
                    "facts": finding.facts,
                }
                for finding in self.findings
            ],
            "options": examination.advice.options,
            "reasons": examination.advice.reasons,
            "snippets": self._snippets(),
        }

    def ending(self) -> str:
        """What comes behind the findings."""
        parts = [self._verdict()]
        advice = self.examination.advice
        if Stage.CONNECTION not in self.examination.reached:
            return parts[0]
        if advice.options:
            reasons = [
                f"  {words}: {advice.reasons[name]}"
                for name, words in zip(advice.options, advice.words("command"), strict=True)
            ]
            parts.append("Options to use:\n" + "\n".join(reasons))
        for language, snippet in self._snippets().items():
            parts.append(f"{language}:\n" + textwrap.indent(snippet, "  "))
        return "\n\n".join(parts)

    def _snippets(self) -> dict[str, str]:
        examination = self.examination
        user = None if examination.login is None else examination.login.user
        return examination.advice.snippets(examination.address, user)

    def _verdict(self) -> str:
        count = len(self.problems)
        if count == 0:
            return "No problems were found."
        return f"{count} problem was found." if count == 1 else f"{count} problems were found."


def finding_text(finding: Finding) -> str:
    """A finding for people."""
    lines = [_paragraph(f"{_MARKS[finding.outcome]:<10}{finding.check}: {finding.found}", 10)]
    if finding.explanation:
        lines.append(_paragraph(" " * 10 + finding.explanation, 10))
    if finding.remedy:
        lines.append(_paragraph(" " * 10 + "-> " + finding.remedy, 13))
    return "\n".join(lines)


def _paragraph(text: str, indent: int) -> str:
    # Fingerprints and paths are to be copied in one piece.
    return textwrap.fill(
        harmless(" ".join(text.split("\n"))),
        _WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
