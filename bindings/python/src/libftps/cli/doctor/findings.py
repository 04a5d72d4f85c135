"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

# For programs: whatever JSON can hold.
Facts = dict[str, Any]


class Outcome(Enum):
    """How bad it is."""

    GOOD = "good"
    NOTE = "note"  # worth knowing; nothing to do
    WARNING = "warning"  # works, and should be looked at
    PROBLEM = "problem"  # does not work
    SKIPPED = "skipped"  # could not be looked at


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        outcome: how bad it is.
        found: what was found, in a sentence.
        explanation: what it means, and the likely cause of a problem; may be empty.
        remedy: what to do, by whom; empty where there is nothing to do.
        facts: the same for programs, to go into JSON.
        check: the name of the check.
    """

    outcome: Outcome
    found: str
    explanation: str = ""
    remedy: str = ""
    facts: Facts = field(default_factory=dict)
    check: str = ""


def good(found: str, explanation: str = "", **facts: Any) -> Finding:
    """Something that is as it should be."""
    return Finding(Outcome.GOOD, found, explanation, facts=facts)


def note(found: str, explanation: str = "", remedy: str = "", **facts: Any) -> Finding:
    """Something that is worth knowing."""
    return Finding(Outcome.NOTE, found, explanation, remedy, facts)


def warning(found: str, explanation: str, remedy: str, **facts: Any) -> Finding:
    """Something that should be looked at."""
    return Finding(Outcome.WARNING, found, explanation, remedy, facts)


def problem(found: str, explanation: str, remedy: str, **facts: Any) -> Finding:
    """Something that does not work."""
    return Finding(Outcome.PROBLEM, found, explanation, remedy, facts)


def skipped(why: str) -> Finding:
    """Something that could not be looked at."""
    return Finding(Outcome.SKIPPED, f"not looked at: {why}")
