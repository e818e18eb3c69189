"""Agreement between annotators, as a library: documents in, figures with their reasons out."""

from annotator.agreement.collection import parts, parts_of
from annotator.agreement.contributions import DocumentParts
from annotator.agreement.figures import REASONS, Figure, Interval, LeftOut
from annotator.agreement.readings import Unreadable
from annotator.agreement.reports import Report, reduce, report
from annotator.agreement.specification import LAYERS, SeveralTargets, Specification

__all__ = [
    "LAYERS",
    "REASONS",
    "DocumentParts",
    "Figure",
    "Interval",
    "LeftOut",
    "Report",
    "SeveralTargets",
    "Specification",
    "Unreadable",
    "parts",
    "parts_of",
    "reduce",
    "report",
]
