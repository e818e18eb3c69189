"""Files as a browser sends them: one, or several texts that become one ZIP."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from annotator.exchange.models import Import

PIECE = 1 << 20
NAMED = 3


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of uploaded files; an empty one among others is left to the preview, which names what is not taken."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [super(SeveralFilesField, self).clean(each, initial) for each in data or [None]]
        if files and not any(file.size for file in files):
            names = ", ".join(str(file.name) for file in files[:NAMED])
            raise forms.ValidationError(f"There is nothing in {names}.", code="empty")
        return files


class UploadForm(forms.Form):
    file = SeveralFilesField(
        widget=SeveralFiles,
        label="File, or several text files",
        max_length=255,
        help_text="Text files, a ZIP of them, CSV, JSON or JSONL with a column of texts, or what this program exported.",
    )
    format = forms.ChoiceField(
        choices=[("auto", "Found out from the file"), *Import.Format.choices], label="It is", initial="auto"
    )


class Bundle:
    """Several uploaded files as one ZIP on disk."""

    def __init__(self, files: "Sequence[UploadedFile[Any]]") -> None:
        self.name: str | None = f"{len(files)} text files.zip"
        self.file: IO[bytes] = TemporaryFile()  # noqa: SIM115
        names = [str(file.name) for file in files]
        with zipfile.ZipFile(self.file, "w", zipfile.ZIP_STORED) as archive:
            for file, name in zip(files, distinct(names), strict=True):
                with archive.open(name, "w", force_zip64=True) as member_:
                    for piece in file.chunks():
                        member_.write(piece)

    def chunks(self) -> Iterable[bytes]:
        self.file.seek(0)
        return iter(lambda: self.file.read(PIECE), b"")

    def close(self) -> None:
        self.file.close()


def distinct(names: Iterable[str]) -> Iterator[str]:
    """The names, a repeated one under a folder of its own: two files of one name are two documents."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{seen[name]}/{name}"
