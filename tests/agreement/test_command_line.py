"""`python -m annotator.agreement PATH` on files as they are exported."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.agreement import Specification, report
from annotator.agreement.__main__ import main
from annotator.agreement.records import Records
from tests.agreement.made import document, reading, span

FIXTURES = Path(__file__).parents[2] / "fixtures" / "agreement"
MDPI = FIXTURES / "mdpi.jsonl"
SCHEME = FIXTURES / "mdpi_scheme.json"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "release.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.write(MDPI, "documents.jsonl")
        file.write(SCHEME, "scheme.json")
        file.writestr("manifest.json", "{}")
    return path


def test_json_is_the_report_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(MDPI), "--layer", "role", "--scheme", str(SCHEME), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    scheme = json.loads(SCHEME.read_text())
    wanted = report(Records(MDPI), specification=Specification(layer="role"), scheme=scheme).as_dict()
    assert printed == json.loads(json.dumps(wanted))
    assert list(printed) == [
        "layer",
        "target",
        "labels",
        "annotators",
        "documents",
        "sets",
        "left_out",
        "figures",
    ]
    keys = {
        "name",
        "label",
        "pair",
        "value",
        "reason",
        "numerator",
        "denominator",
        "interval",
        "units",
        "dropped",
        "method",
    }
    assert keys <= set(printed["figures"][0])
    assert {"low", "high", "level", "method", "resamples", "seed"} <= set(printed["figures"][0]["interval"])


def test_a_bundle_a_folder_and_the_file_alone_give_the_same_figures(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "documents.jsonl").write_bytes(MDPI.read_bytes())
    (folder / "scheme.json").write_bytes(SCHEME.read_bytes())
    seen = []
    for path in (bundle, folder, folder / "documents.jsonl"):
        assert main([str(path), "--layer", "role", "--json"]) == 0
        seen.append(capsys.readouterr().out)
    assert len(set(seen)) == 1
    assert main([str(bundle), "--layer", "role"]) == 0
    assert "no scheme" not in capsys.readouterr().out
    assert main([str(MDPI), "--layer", "role"]) == 0
    assert "no scheme: labels as found, in code-point order" in capsys.readouterr().out


@pytest.mark.parametrize("layer", ["stance", "role", "document", "relation"])
def test_every_layer_is_written_in_words(layer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(MDPI), "--layer", layer]) == 0
    out = capsys.readouterr().out
    assert f"layer {layer}" in out
    assert "4 documents, 8 sets by annotator_1, annotator_2" in out


def write(path: Path, *records: Any) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records) + "\n", encoding="utf-8")
    return path


def test_several_targets_are_one_report_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spans = [span(0, 9, "nuanced", target="a"), span(10, 19, "nuanced", target="b")]
    path = write(tmp_path / "d.jsonl", document("d", 60, reading("Ada", *spans), reading("Ben", *spans)))
    assert main([str(path), "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["target"] for line in lines] == ["a", "b"]
    assert main([str(path), "--json", "--target", "b"]) == 0
    assert json.loads(capsys.readouterr().out)["target"] == "b"


def test_lines_are_split_at_line_feeds_only(tmp_path: Path) -> None:
    text = "a\u2028b\u0085c\rd"
    sets = [reading("Ada", (0, 3, "nuanced")), reading("Ben", (0, 3, "nuanced"))]
    path = tmp_path / "d.jsonl"
    path.write_text(
        "\ufeff" + json.dumps({"id": "d", "text": text, "sets": sets}, ensure_ascii=False) + "\n\n",
        encoding="utf-8",
    )
    records = Records(path)
    assert len(records) == 1
    assert [record["text"] for record in records] == [text]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "line 1"),
        (b'{"id": "d", "text": "x", "sets": []}\n[1]', "line 2"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"id": "d", "text": "x", "sets": [{}]}', "annotator"),
        (b"[" * 100_000, "line 1"),
        (b'{"id": "d", "text": "x", "sets": []}\n{"id": "e"}', "line 2"),
        (b'\n{"text": "x", "sets": []}', "line 2"),
        (b"", "holds no document"),
        (b"\n \n", "holds no document"),
        (b"PK\x03\x04 no archive", "line 1"),
        (b"document,annotator,start\r\nd1,A1,0\r\n", "line 1: this looks like CSV: give it the JSONL"),
        (b'"document";"start"\n', "this looks like CSV"),
        (b"not JSON at all", "not JSON"),
        (
            json.dumps(document("d", 3, reading("Ada", (1, 9, "nuanced")), reading("Ben"))).encode(),
            "d/Ada/1: span '1-9-nuanced",
        ),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_two_and_says_where(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(content)
    assert main([str(path)]) == 2
    assert says in capsys.readouterr().err


def test_a_missing_file_or_a_zip_without_documents_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nothing.jsonl")]) == 2
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as file:
        file.writestr("readme.txt", "nothing here")
    assert main([str(empty)]) == 2
    assert "documents.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--resamples", "-1"], "resamples"),
        (["--seed", "-1"], "seed"),
        (["--layer", "document", "--metric", "interval"], "numbers"),
        (["--since", "yesterday"], "yesterday"),
    ],
)
def test_what_cannot_be_asked_ends_with_two_and_no_traceback(
    options: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calm = {"document_labels": {"tone": "calm"}, "submitted_at": "2026-05-01T10:00:00Z"}
    sets = reading("Ada", **calm), reading("Ben", **calm)
    path = write(tmp_path / "d.jsonl", document("d", 9, *sets))
    assert main([str(path), *options]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("scheme", ["{", "[1]", '"x"', "3"])
def test_a_scheme_that_is_none_ends_with_two(
    scheme: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "d.jsonl", document("d", 9, reading("Ada"), reading("Ben")))
    other = tmp_path / "other.json"
    other.write_text(scheme)
    assert main([str(path), "--scheme", str(other)]) == 2
    assert "other.json" in capsys.readouterr().err
    other.rename(tmp_path / "scheme.json")
    assert main([str(path)]) == 2
    assert "scheme" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_what_comes_through_a_pipe_is_read_whole(name: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / "d.jsonl",
        document("d", 60, reading("Ada", (0, 9, "nuanced")), reading("Ben", (0, 9, "nuanced"))),
    )
    command = [sys.executable, "-m", "annotator.agreement", name, "--json"]
    run = subprocess.run(command, input=path.read_bytes(), capture_output=True, check=True)
    assert json.loads(run.stdout)["documents"] == 1
