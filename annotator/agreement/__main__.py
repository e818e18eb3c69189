"""`python -m annotator.agreement PATH`: the report of the platform on an exported file, with no database."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.agreement import cases
from annotator.agreement.figures import REASONS, Figure
from annotator.agreement.readings import Unreadable
from annotator.agreement.records import Records
from annotator.agreement.reports import Report, report
from annotator.agreement.specification import (
    CANDIDATES,
    INTERVALS,
    LAYERS,
    METRICS,
    SeveralTargets,
    Specification,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if it went well, 1 if a published case differs, 2 with a line on stderr if something cannot be done."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return print_cases(given[1:]) if given[:1] == ["cases"] else print_reports(given)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def print_reports(given: Sequence[str]) -> int:
    """One report, or one for each target where no target was named."""
    options = _parser().parse_args(given)
    with _readable(options.path) as path:
        return _print_reports(Records(path), options)


def _print_reports(records: Records, options: argparse.Namespace) -> int:
    if not len(records):
        raise Unreadable(f"{records.path}: holds no document")
    scheme = records.scheme() if options.scheme is None else _scheme(options.scheme)
    specification = Specification(
        layer=options.layer,
        target=options.target,
        group=options.group,
        annotators=several(options.annotator),
        documents=several(options.document),
        labels=several(options.label),
        guidelines=several(options.guideline),
        since=options.since,
        until=options.until,
        kinds=tuple(options.kinds.split(",")),
        states=tuple(options.states.split(",")),
        resamples=options.resamples,
        seed=options.seed,
        candidates=options.candidates,
        interval=options.interval,
        metric=options.metric,
        gamma=options.gamma,
    )
    for found in _reports(records, specification, scheme):
        print(strict_json(found) if options.json else in_words(found, scheme))
    return 0


def strict_json(found: Report) -> str:
    """The report as one line that every reader of JSON takes: no nan."""
    return json.dumps(found.as_dict(), ensure_ascii=False, allow_nan=False)


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """The path, or a copy of what comes through a pipe (`-` is standard input): records are read twice."""
    if str(path) != "-" and not path.is_fifo():
        yield path
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        copy = Path(folder) / "piped.jsonl"
        source = sys.stdin.buffer if str(path) == "-" else opened.enter_context(path.open("rb"))
        copy.write_bytes(source.read())
        yield copy


def several(given: list[Any] | None) -> tuple[Any, ...] | None:
    """What was named, or None for all."""
    return tuple(given) if given else None


def print_cases(given: Sequence[str]) -> int:
    """Each case's value beside the published one and its source; 1 if one differs. Unreadable if none is known."""
    options = _cases_parser().parse_args(given)
    outcomes = [cases.run(case) for case in cases.read(options.path)]
    for outcome in outcomes:
        print(_case_line(outcome))
    print("\n" + cases.summary(outcomes))
    if not any(outcome.known for outcome in outcomes):
        raise Unreadable(f"{options.path}: holds no case that can be computed")
    return 1 if any(outcome.known and not outcome.agrees for outcome in outcomes) else 0


def _case_line(outcome: cases.Outcome) -> str:
    verdict = "agrees " if outcome.agrees else "DIFFERS" if outcome.known else "unknown"
    value = f"{outcome.value: .6f}" if outcome.value is not None else f" {outcome.note}"
    expected = "no value" if outcome.expected is None else f"{outcome.expected: .6f}"
    return (
        f"{verdict} {outcome.name} | {outcome.coefficient} | {value} | expected {expected} "
        f"± {outcome.tolerance:g} | {outcome.source}"
    )


def in_words(found: Report, scheme: Mapping[str, Any] | None = None) -> str:
    """The report as lines of text."""
    lines = [
        f"layer {found.layer}" + (f", target {found.target}" if found.target else ""),
        f"{found.documents} documents, {found.sets} sets by {', '.join(found.annotators) or 'nobody'}",
    ]
    if scheme is None:
        lines.append("no scheme: labels as found, in code-point order")
    elif found.undeclared:
        lines.append("labels the scheme does not declare: " + ", ".join(found.undeclared))
    lines += [f"left out: {entry.count} {entry.reason}" for entry in found.left_out]
    return "\n".join([*lines, "", *(_line(figure) for figure in found.figures), ""])


def _line(figure: Figure) -> str:
    which = [figure.group, figure.label, figure.pair and " | ".join(figure.pair)]
    which.append(figure.without and f"without {figure.without}")
    name = " ".join([figure.name, *(f"[{part}]" for part in which if part)])
    if figure.value is None:
        return f"{name:60} -  {REASONS[figure.reason or '']}"
    interval = figure.interval
    limits = f"  [{interval.low:.3f}, {interval.high:.3f}]" if interval else ""
    return f"{name:60} {figure.value: .6f}{limits}  {figure.units} units"


def _reports(
    records: Records, specification: Specification, scheme: Mapping[str, Any] | None
) -> Iterator[Report]:
    def one(wanted: Specification) -> Report:
        return report(records, specification=wanted, scheme=scheme, progress=_bar)

    try:
        yield one(specification)
    except SeveralTargets as several:
        for target in several.targets:
            yield one(replace(specification, target=target))


def _bar(share: float) -> None:
    """Progress on a terminal; silence in a pipe."""
    if sys.stderr.isatty():
        filled = round(40 * share)
        end = "\r" + " " * 50 + "\r" if share >= 1 else ""
        print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {share:4.0%}", end=end, file=sys.stderr, flush=True)


def _scheme(path: Path) -> Mapping[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Unreadable(f"{path}: not a scheme: {error}") from error


def _cases_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m annotator.agreement cases",
        description="Compare the coefficients with published values.",
    )
    parser.add_argument("path", type=Path, metavar="FILE.json")
    return parser


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m annotator.agreement",
        description="Agreement between the annotators of an exported JSONL file or bundle.",
        epilog="python -m annotator.agreement cases FILE.json checks the coefficients on published cases.",
    )
    parser.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="documents.jsonl, a bundle (.zip), a folder, or - for standard input",
    )
    parser.add_argument("--layer", choices=LAYERS, default="stance")
    parser.add_argument("--target", help="the target of the stances (default: each)")
    parser.add_argument("--group", help="the question of the document labels (default: each)")
    parser.add_argument("--annotator", action="append", help="only these annotators (repeat)")
    parser.add_argument("--document", action="append", help="only these documents, by id (repeat)")
    parser.add_argument("--label", action="append", help="only these labels of the layer (repeat)")
    parser.add_argument(
        "--guideline",
        action="append",
        type=int,
        help="only readings whose marks were all made under these versions (repeat)",
    )
    parser.add_argument("--since", help="submitted from this moment on: ISO 8601, in UTC if it names no zone")
    parser.add_argument("--until", help="submitted before this moment")
    parser.add_argument(
        "--kinds", default="human,imported", help="kinds of sets that enter (default: %(default)s)"
    )
    parser.add_argument("--states", default="submitted,accepted", help="their states (default: %(default)s)")
    parser.add_argument(
        "--scheme", type=Path, help="scheme.json (default: the one in the bundle or beside PATH)"
    )
    parser.add_argument(
        "--candidates",
        choices=CANDIDATES,
        default="document",
        help="which pairs of spans a relation might join: of a document or of a paragraph (default: %(default)s)",
    )
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument(
        "--interval",
        choices=INTERVALS,
        default="bootstrap",
        help="how intervals are made (default: %(default)s)",
    )
    parser.add_argument(
        "--metric", choices=METRICS, default="nominal", help="of document labels (default: %(default)s)"
    )
    parser.add_argument("--gamma", action="store_true", help="gamma too, by random sampling: slow")
    parser.add_argument("--json", action="store_true", help="the report as JSON, one object a line")
    return parser


if __name__ == "__main__":
    sys.exit(main())
