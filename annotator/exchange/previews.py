"""Looking at an uploaded file: what is in it, what would be taken, what not and why. Nothing of it is taken yet."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from annotator.errors import Invalid
from annotator.exchange import imports, judging, sources, vocabulary
from annotator.exchange.aliases import Aliases
from annotator.exchange.judging import Judged, Memory
from annotator.exchange.models import Import, ImportProblem
from annotator.exchange.sources import Source
from annotator.exchange.vocabulary import Additions, Vocabulary
from annotator.formats.rows import Problem, Row, Rows, Unreadable
from annotator.jobs.attempts import Attempt
from annotator.jobs.handlers import handler

CHUNK_ROWS = 100
CHUNK_CHARACTERS = 4_000_000
ROWS_SHOWN = 10
PROBLEMS_SHOWN = 100
# All are counted; a file that is wrong in every line need not fill the database.
PROBLEMS_KEPT = 10_000
TEXT_SHOWN = 300
FOREIGN_SHOWN = 50


def chunks(rows: Rows) -> Iterator[list[Row | Problem]]:
    """The rows in lists of at most a hundred, fewer where they are long: memory stays bounded."""
    chunk: list[Row | Problem] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        characters += len(row.text) if isinstance(row, Row) else 0
        if len(chunk) >= CHUNK_ROWS or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


class Draught:
    """The preview while the file is read."""

    def __init__(self, imported: Import, known: Vocabulary, added: Additions) -> None:
        self.imported = imported
        self.known = known
        self.aliases = Aliases(imported.project, imported.options.get("map") or {})
        self.memory = Memory()
        self.counts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.encodings: Counter[str] = Counter()
        self.sets: Counter[str] = Counter()
        self.foreign: Counter[tuple[str, str, str, bool]] = Counter()
        self.rows: list[dict[str, Any]] = []
        self.problems: list[Problem] = []
        self.counts.update(judging.counts_of(added.problems))
        self.note(added.problems)

    def add(self, chunk: list[Row | Problem]) -> None:
        judged = judging.judge(self.imported.project, chunk, self.known, self.aliases, self.memory)
        self.counts.update(judged.counts)
        self.note(judged.problems)
        for each in (held for found in chunk for held in found.held):
            self.foreign[each.tool, each.where, each.what, each.kept] += each.count
        self.encodings.update(row.guessed for row in chunk if isinstance(row, Row) and row.guessed)
        self.sets.update(
            reading.annotator for row in chunk if isinstance(row, Row) for reading in row.readings
        )
        self.show(judged)

    def note(self, problems: list[Problem]) -> None:
        self.codes.update(problem.code for problem in problems)
        self.problems += problems[: PROBLEMS_KEPT - len(self.problems)]

    def show(self, judged: Judged) -> None:
        for row, is_new, drafts in judged.rows[: ROWS_SHOWN - len(self.rows)]:
            self.rows.append(row_record(row, is_new, len(drafts)))

    def record(self, source: Source, added: Additions) -> dict[str, Any]:
        return {
            "format": self.imported.format,
            **source.facts,
            "encoding": self.encoding(),
            "counts": dict(self.counts),
            "rows": self.rows,
            "annotators": self.annotators(),
            "foreign": self.foreign_records(),
            "additions": added.record(),
            "problems": [problem_record(problem) for problem in self.problems[:PROBLEMS_SHOWN]],
            "problem_counts": dict(self.codes),
        }

    def foreign_records(self) -> list[dict[str, Any]]:
        """The annotations of other tools: where they stand, how many, and whether they are kept beside the text."""
        names = ("tool", "where", "what", "kept")
        return [
            {**dict(zip(names, key, strict=True)), "count": count}
            for key, count in self.foreign.most_common(FOREIGN_SHOWN)
        ]

    def encoding(self) -> dict[str, Any]:
        """The encoding that was chosen, or what was guessed, for somebody to say yes or no to."""
        given = self.imported.options.get("encoding")
        guess = self.encodings.most_common(1)
        return {
            "name": guess[0][0] if guess else given,
            "guess": bool(guess) and given is None,
            "counts": dict(self.encodings),
        }

    def annotators(self) -> list[dict[str, Any]]:
        """Who each name in the file is going to be here."""
        rows = []
        for name, sets in self.sets.items():
            try:
                alias = self.aliases.alias(name)
            except Invalid:
                continue
            member = self.aliases.members.get(alias)
            mapped = name in self.aliases.mapped
            rows.append({"name": name, "alias": alias, "new": member is None, "mapped": mapped, "sets": sets})
        return rows


def row_record(row: Row, is_new: bool, sets: int) -> dict[str, Any]:
    return {
        "place": row.place,
        "external_id": row.id,
        "title": row.title,
        "language": row.language,
        "text": row.text[:TEXT_SHOWN],
        "length": len(row.text),
        "meta": meta_shown(row.meta),
        "encoding": row.guessed,
        "sets": sets,
        "new": is_new,
    }


def meta_shown(meta: Any) -> dict[str, str]:
    return {str(key)[:80]: str(value)[:80] for key, value in list(meta.items())[:20]}


def problem_record(problem: Any) -> dict[str, Any]:
    """A problem, from a file or from its row in the database."""
    return {name: getattr(problem, name) for name in ("place", "code", "detail", "taken")}


@handler("import_preview")
def preview(attempt: Attempt) -> dict[str, Any]:
    """Reads the whole file and notes what applying it would come to; the job's result is the preview."""
    imported = Import.objects.select_related("project").get(pk=attempt.job.parameters["import"])
    if imported.holds_sets:
        imports.refuse_who_reads(imported.project, attempt.job.created_by)
    try:
        with sources.opened(imported) as source:
            known = vocabulary.of(imported.project)
            added = vocabulary.additions(imported.project, source.scheme)
            if imported.options.get("add_labels"):
                vocabulary.promise(known, added)
            draught = Draught(imported, known, added)
            for chunk in chunks(source.rows):
                attempt.tell(source.share() * 0.95)
                draught.add(chunk)
            found = draught.record(source, added)
    except Unreadable as unreadable:
        settle(attempt, imported, state=Import.State.FAILED, preview=None, problems=[])
        raise Invalid(unreadable.code, unreadable.detail, attr="file") from None
    settle(attempt, imported, state=Import.State.PREVIEWED, preview=found, problems=draught.problems)
    return {"import": imported.pk, **found}


@transaction.atomic
def settle(
    attempt: Attempt, imported: Import, *, state: str, preview: dict[str, Any] | None, problems: list[Problem]
) -> None:
    """Stores what was found, once, and only while no application has begun."""
    attempt.lock()
    waiting = Import.objects.filter(
        pk=imported.pk, preview_job=attempt.job, state__in=["received", "previewed", "failed"]
    )
    if waiting.update(state=state, preview=preview):
        ImportProblem.objects.filter(imported=imported, phase="preview").delete()
        keep(imported, "preview", problems)


def keep(imported: Import, phase: str, problems: list[Problem]) -> None:
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(
                imported=imported,
                phase=phase,
                place=problem.place[:300],
                code=problem.code[:40],
                detail=problem.detail,
                taken=problem.taken,
            )
            for problem in problems
        ],
        batch_size=1_000,
    )
