"""The formats of an export: each takes neutral records one by one and says at the end what it could not say."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, BinaryIO

from annotator.formats import neutral, spans_csv
from annotator.formats.bundles import Bundle


class Writer:
    """Counts what goes through; `annotators` and `holders` are those it has met."""

    suffix = ""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.counts = dict.fromkeys(("documents", "sets", "spans", "relations"), 0)
        self.missing: Counter[str] = Counter()
        self.annotators: set[str] = set()
        self.holders: set[str] = set()
        self.others = False

    def add(self, record: Mapping[str, Any]) -> None:
        self.counts["documents"] += 1
        for reading in record["sets"]:
            self.counts["sets"] += 1
            self.counts["spans"] += len(reading["spans"])
            self.counts["relations"] += len(reading["relations"])
            self.annotators.add(reading["annotator"])
            self.holders.update(span["holder"] for span in reading["spans"] if span["holder"])
        self.write(record)

    def write(self, record: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def close(self, scheme: Mapping[str, Any]) -> None:
        """Ends the file; the scheme is at hand for those that hold it."""

    def abandon(self) -> None:
        """Lets go of a file that will not be finished."""

    def left_out(self) -> list[dict[str, Any]]:
        return [
            {"what": what, "count": count, "reason": REASONS.get(what, "The format has no place for it.")}
            for what, count in self.missing.items()
            if count
        ]


REASONS = {
    "scheme": "The labels, the holders and the guideline stand in a bundle's scheme.json only.",
    "sets_without_spans": "A row is a span, so a reading without any leaves no row.",
    "documents_without_spans": "A row is a span, so a document without any leaves no row.",
}


class Lines(Writer):
    """The neutral record, one document a line."""

    suffix = "jsonl"

    def write(self, record: Mapping[str, Any]) -> None:
        self.file.write(neutral.line(record))

    def close(self, scheme: Mapping[str, Any]) -> None:
        self.missing["scheme"] = 1


class Table(Writer):
    """One span a row."""

    suffix = "csv"

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.file.write(spans_csv.header())

    def write(self, record: Mapping[str, Any]) -> None:
        self.file.write(spans_csv.rows(record))
        self.missing["texts"] += 1
        self.missing["meta"] += bool(record["meta"])
        self.missing["documents_without_spans"] += not any(reading["spans"] for reading in record["sets"])
        for reading in record["sets"]:
            self.missing["sets_without_spans"] += not reading["spans"]
            for part in ("relations", "document_labels", "comments"):
                self.missing[part] += len(reading[part])

    def close(self, scheme: Mapping[str, Any]) -> None:
        self.missing["scheme"] = 1


class Zip(Writer):
    """A bundle: documents.jsonl, scheme.json, manifest.json."""

    suffix = "zip"

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.bundle = Bundle(file)

    def write(self, record: Mapping[str, Any]) -> None:
        self.bundle.add(neutral.line(record))

    def close(self, scheme: Mapping[str, Any]) -> None:
        self.bundle.close(scheme, self.counts)

    def abandon(self) -> None:
        self.bundle.abandon()


WRITERS: dict[str, type[Writer]] = {"jsonl": Lines, "csv": Table, "bundle": Zip}
