"""Annotations of other tools are found and counted wherever a file holds them; none comes in, and none goes in silence."""

import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from annotator.formats import archives, jsonl, kinds, standoff, tables, text_files
from annotator.formats.rows import Problem, Row, Unreadable

TEXT = "😊 Cities are safer. Data show it."
Counts = dict[tuple[str, str], int]


def counts(found: list[Row | Problem], *, kept: bool = True) -> Counts:
    counted: Counter[tuple[str, str]] = Counter()
    for one in found:
        for held in one.held:
            if held.kept is kept:
                counted[held.tool, held.what] += held.count
    return dict(counted)


def of_json(data: bytes) -> list[Row | Problem]:
    file = io.BytesIO(data)
    return list(jsonl.rows(file, jsonl.columns(file, {}), stem="a"))


TASK = {
    "id": 1,
    "data": {"text": TEXT, "id": "x-7"},
    "annotations": [
        {
            "id": 10,
            "completed_by": 4,
            "result": [
                {"id": "c", "type": "labels", "value": {"start": 3, "end": 20, "labels": ["claim"]}},
                {"id": "p", "type": "labels", "value": {"start": 21, "end": 34, "labels": ["premise"]}},
                {"id": "c", "type": "choices", "value": {"start": 3, "end": 20, "choices": ["pro"]}},
                {"type": "choices", "value": {"choices": ["news"]}},
                {"from_id": "p", "to_id": "c", "type": "relation", "direction": "right"},
            ],
        }
    ],
    "predictions": [],
}
RECORDS: list[tuple[dict[str, Any], Counts]] = [
    ({"text": TEXT, "label": [[3, 20, "claim"], [21, 34, "premise"]]}, {("doccano", "spans"): 2}),
    (
        {
            "text": TEXT,
            "entities": [
                {"id": 1, "label": "claim", "start_offset": 3, "end_offset": 20},
                {"id": 2, "label": "premise", "start_offset": 21, "end_offset": 34},
            ],
            "relations": [{"from_id": 2, "to_id": 1, "type": "supports"}],
            "Comments": ["why?"],
        },
        {("doccano", "spans"): 2, ("doccano", "relations"): 1, ("doccano", "comments"): 1},
    ),
    ({"text": TEXT, "label": ["pro", "news"]}, {("another tool", "answers"): 2}),
    ({"text": TEXT, "label": "pro"}, {("another tool", "answers"): 1}),
    ({"text": TEXT, "cats": {"PRO": 1.0, "ANTI": 0.0}}, {("another tool", "answers"): 2}),
    (
        {"text": TEXT, "spans": [{"start": 2, "end": 19, "label": "claim"}], "_input_hash": 7},
        {("Prodigy", "spans"): 1},
    ),
    (
        {"text": TEXT, "span_annotations": {"claim": [{"start": 2, "end": 19, "schema": "claims"}]}},
        {("Potato", "spans"): 1},
    ),
    (
        {"text": TEXT, "annotation_sets": {"a": {"annotations": [{"type": "Claim", "start": 2, "end": 19}]}}},
        {("GATE Teamware", "spans"): 1},
    ),
    (
        TASK,
        {("Label Studio", "spans"): 2, ("Label Studio", "answers"): 2, ("Label Studio", "relations"): 1},
    ),
]


@pytest.mark.parametrize(("record", "expected"), RECORDS)
def test_the_annotations_of_a_line_are_counted_and_stay_beside_its_text(
    record: dict[str, Any], expected: Counts
) -> None:
    found = of_json(json.dumps(record).encode())
    [row] = found
    assert isinstance(row, Row)
    assert row.text == TEXT
    assert counts(found) == expected
    for held in row.held:
        assert held.where in row.meta


@pytest.mark.parametrize(
    "record",
    [
        {"text": TEXT, "meta": {"pages": [{"start": 3, "end": 5}]}},
        {"text": TEXT, "words": [{"start": 0.1, "end": 0.4, "label": "so"}]},
        {"text": TEXT, "label": [], "comments": [], "cats": {}},
        {"text": TEXT, "label": None, "stance": ""},
        {"text": TEXT, "entities": [], "relations": []},
        {"text": TEXT, "year": 2020, "tags": ["city"]},
    ],
)
def test_source_data_is_not_taken_for_annotations(record: dict[str, Any]) -> None:
    assert not counts(of_json(json.dumps(record).encode()))


def test_annotations_of_a_line_without_a_text_are_not_kept() -> None:
    data = b'{"text": "One", "label": [[0, 3, "claim"]]}\n{"label": [[0, 3, "claim"], [0, 1, "premise"]]}\n'
    found = of_json(data)
    assert counts(found) == {("doccano", "spans"): 1}
    assert counts(found, kept=False) == {("doccano", "spans"): 2}


def test_a_json_list_is_read_item_by_item() -> None:
    data = json.dumps(
        [TASK, {"no": "text"}, 3, {"text": "lone \ud800"}, {"text": "Another"}], indent=1
    ).encode()
    found = of_json(data)
    rows = [row for row in found if isinstance(row, Row)]
    assert [(row.place, row.id, row.text) for row in rows] == [
        ("item 1", "x-7", TEXT),
        ("item 5", "a-5", "Another"),
    ]
    assert rows[0].meta["task.id"] == 1
    assert [(one.place, one.code) for one in found if isinstance(one, Problem)] == [
        ("item 2", "no_text"),
        ("item 3", "not_an_object"),
        ("item 4", "lone_surrogate"),
    ]


def test_a_list_too_large_to_be_read_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LARGEST_LIST", 10)
    with pytest.raises(Unreadable) as refused:
        of_json(b'[{"text": "One"}]')
    assert refused.value.code == "list_too_large"


def test_lines_that_begin_like_a_list_are_still_lines() -> None:
    found = of_json(b'[1, 2]\n{"text": "One"}\n')
    assert [one.place for one in found] == ["line 1", "line 2"]


def test_columns_named_like_labels_and_cells_of_json_are_counted() -> None:
    file = io.BytesIO(
        b"text,label,spans,source\n"
        b'One,pro,"[{""start"": 0, ""end"": 3, ""labels"": [""claim""]}]",paper\n'
        b"Two,,[],paper\n"
        b",anti,[],paper\n"
    )
    dialect = tables.dialect(file, {})
    found = list(tables.rows(file, dialect, tables.columns(file, dialect, {}), stem="a"))
    assert counts(found) == {("another tool", "answers"): 1, ("another tool", "spans"): 1}
    assert counts(found, kept=False) == {("another tool", "answers"): 1}


BRAT = (
    b"T1\tClaim 2 19\tCities are safer.\nT2\tPremise 20 33\tData show it.\nR1\tSupports Arg1:T2 Arg2:T1\n"
    b"A1\tStance T1 pro\n#1\tAnnotatorNotes T1\twhy\n"
)
WEBANNO = (
    "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.Unit|role\n#T_RL=custom.Rel|kind|BT_custom.Unit\n\n\n"
    "#Text=😊 Cities are safer.\n1-1\t0-2\t😊\t_\t_\t_\t\n1-2\t3-9\tCities\tclaim[1]\tsupport\t2-1[2_1]\t\n"
    "1-3\t10-13\tare\tclaim[1]\t_\t_\t\n2-1\t21-25\tData\tpremise\t_\t_\t\n"
).encode()
XMI = (
    b'<?xml version="1.0"?>\n<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"><custom:Unit xmi:id="4" sofa="1" begin="3" '
    b'end="20"/><type5:Token xmi:id="9" begin="0" end="2"/></xmi:XMI>'
)
CAS = json.dumps(
    {
        "%FEATURE_STRUCTURES": [
            {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": TEXT},
            {"%ID": 4, "%TYPE": "custom.Unit", "begin": 3, "end": 20, "role": "claim"},
            {"%ID": 6, "%TYPE": "custom.Rel", "begin": 3, "end": 20, "@Governor": 5, "@Dependent": 4},
        ]
    }
).encode()
FILES: dict[str, tuple[bytes, str, dict[str, int]]] = {
    "doc.ann": (BRAT, "brat", {"spans": 2, "relations": 1, "attributes": 1, "comments": 1}),
    "doc.tsv": (WEBANNO, "INCEpTION (WebAnno TSV)", {"spans": 2, "relations": 1}),
    "doc.json": (CAS, "INCEpTION (UIMA CAS)", {"spans": 1, "relations": 1}),
    "doc.xmi": (XMI, "INCEpTION (UIMA XMI)", {"spans": 1}),
}


def test_the_state_of_one_of_potatos_annotators_is_no_list_of_texts() -> None:
    record = {
        "instance_id_to_label_to_value": {"d1": [[{"schema": "stance", "name": "pro"}, "true"]]},
        "instance_id_to_span_to_value": {
            "d1": [[{"schema": "unit", "name": "claim", "start": 2, "end": 19}, "1"]]
        },
    }
    held = standoff.held_in_file("user_state.json", json.dumps(record))
    assert {(one.tool, one.what): one.count for one in held} == {
        ("Potato", "spans"): 1,
        ("Potato", "answers"): 1,
    }


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "tool_files"
# Texts, configurations and a picture's task without a label.
WITHOUT = {"e1002.txt", "wn071.txt", "annotation.conf", "label_config.xml"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the collection of real files of other tools")
def test_no_real_file_of_another_tool_comes_in_without_a_word() -> None:
    silent = set()
    for path in sorted(SHARED.glob("*/*")):
        try:
            found = read(path)
        except Unreadable:
            continue
        if not any(one.held for one in found) and any(isinstance(one, Row) for one in found):
            silent.add(path.name)
    assert silent <= WITHOUT


def read(path: Path) -> list[Row | Problem]:
    """The file as an upload reads it, by its ending."""
    data = path.read_bytes()
    file, suffix = io.BytesIO(data), text_files.suffix_of(path.name)
    kinds.refuse(file)
    if held := standoff.held_in_file(path.name, data.decode(errors="replace")):
        raise Unreadable("annotations_not_read", standoff.refusal(held))
    if suffix in (".json", ".jsonl"):
        return of_json(data)
    if suffix in (".csv", ".tsv"):
        dialect = tables.dialect(file, {})
        return list(tables.rows(file, dialect, tables.columns(file, dialect, {}), stem="a"))
    return text_files.row_or_problem(path.name, data)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_made_of_annotations_says_how_many(name: str) -> None:
    data, tool, expected = FILES[name]
    held = standoff.held_in_file(name, data.decode())
    assert {one.what: one.count for one in held} == expected
    assert {one.tool for one in held} == {tool}


@pytest.mark.parametrize("name", FILES)
def test_a_long_file_of_annotations_says_how_many_too(name: str) -> None:
    data, tool, expected = FILES[name]
    file = io.BytesIO(data + b"\n" * kinds.HEAD)
    held = standoff.held_in(name, file)
    assert {one.what: one.count for one in held} == expected
    assert {one.tool for one in held} == {tool}
    assert file.tell() == 0


@pytest.mark.parametrize("at", range(-25, 26))
def test_the_key_that_tells_of_a_tool_is_found_wherever_it_stands(
    at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standoff, "PIECE", 10)
    begin = '{"%TYPES": "'
    before = begin + "x" * (kinds.HEAD + at - len(begin)) + '", '
    data = before + '"%FEATURE_STRUCTURES": [{"%TYPE": "custom.Span", "begin": 0, "end": 6}]}'
    held = standoff.held_in("a.json", io.BytesIO(data.encode()))
    assert [(one.tool, one.what, one.count) for one in held] == [("INCEpTION (UIMA CAS)", "spans", 1)]


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_no_file_is_read_whole_to_learn_that_it_is_no_file_of_annotations(name: str) -> None:
    class Watched(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            self.most = max(self.most, len(found))
            return found

    line = b'{"text": "One."}\n' if name == "a.jsonl" else b"One word after the other.\n"
    file = Watched(line * 200_000)
    assert standoff.held_in(name, file) == ()
    assert file.most <= standoff.PIECE
    assert file.tell() == 0


def test_annotations_beside_texts_in_a_zip_are_counted_as_not_taken() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("doc.txt", TEXT)
        for name, (data, _, _) in FILES.items():
            archive.writestr(name, data)
        archive.writestr("all.jsonl", json.dumps(RECORDS[0][0]))
        archive.writestr("other.json", '{"version": 2}')
    found = list(archives.rows(file))
    assert [row.id for row in found if isinstance(row, Row)] == ["doc.txt"]
    assert counts(found, kept=False)["brat", "spans"] == 2
    assert counts(found, kept=False)["doccano", "spans"] == 2
    codes = {one.place: one.code for one in found if isinstance(one, Problem)}
    assert codes == {
        **dict.fromkeys([*FILES, "all.jsonl"], "annotations_not_read"),
        "other.json": "not_a_text_file",
    }


@pytest.mark.parametrize(
    "data", [b'[{"text": "One", "label": [[0, 3, "pro"]]}]', b"\xff\xfe\0\0" + b"\xff" * 4]
)
def test_a_file_that_cannot_be_looked_into_keeps_no_text_of_a_zip_back(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "LARGEST_LIST", 10)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in (("a.txt", b"One."), ("big.json", data), ("z.txt", b"Two.")):
            archive.writestr(name, content)
    found = list(archives.rows(file))
    assert [row.id for row in found if isinstance(row, Row)] == ["a.txt", "z.txt"]
    assert [(one.place, one.code) for one in found if isinstance(one, Problem)] == [
        ("big.json", "not_a_text_file")
    ]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"JAPAN\tB-LOC\nGET\tO\nWIN\tO\n\nNadim\tB-PER\n", "tags"),
        (b"__label__pro Cities are safer.\n__label__anti They are not.\n", "answers"),
    ],
)
def test_labels_between_the_words_of_a_text_are_remarked_on(data: bytes, what: str) -> None:
    row, remark = text_files.row_or_problem("a.txt", data)
    assert isinstance(row, Row)
    assert isinstance(remark, Problem)
    assert (remark.code, remark.taken) == ("labels_in_text", True)
    assert [held.what for held in remark.held] == [what]


def test_a_plain_text_is_nothing_of_the_kind() -> None:
    assert len(text_files.row_or_problem("a.txt", b"The council met.\nB-52 bombers flew over O.\n")) == 1
