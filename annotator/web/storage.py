"""The pages' own files as they are served: without comments, modules joined, compressed, at addresses that change with them.

All of them lie in one folder that is named by the content of all, so that a browser may keep them for ever and what refers
to its neighbours still finds them.
"""

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from annotator.web.joining import joined

FOLDER = "pages."
# What the pages load; the modules that these import are joined to them.
ENTRIES = {"label/main.js", "label/going.js", "site/site.js"}
COMMENT = r"/\*(?:(?!\*/).)*\*/"
# A comment that begins its line and ends one, and an empty line. Nothing that runs looks like these but a line of a
# template literal, and none of ours holds such a line.
LINE = re.compile(rf"^[ \t]*(?:{COMMENT}|//[^\n]*|)[ \t]*\n", re.MULTILINE | re.DOTALL)
INLINE = {
    ".js": re.compile(r"/\*\*(?:(?!\*/).)*\*/[ \t]*", re.DOTALL),  # types; `/*` alone may stand in a pattern
    ".css": re.compile(COMMENT, re.DOTALL),
}

Paths: TypeAlias = Mapping[str, tuple[Storage, str]]


class PageFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Our own files in their folder, all others each under the name of its content; an unknown name is an error."""

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        others = {name: place for name, place in paths.items() if not is_ours(name)}
        yield from super().post_process(others, dry_run=dry_run, **options)
        if not dry_run:
            yield from self.gather({name: place for name, place in paths.items() if is_ours(name)})
            self.save_manifest()

    def gather(self, ours: Paths) -> Iterator[tuple[str, str, bool]]:
        """Writes our files into a folder that is named by what they all hold, and compressed ones beside them."""
        contents, names = prepared(ours)
        for name, content in contents.items():
            self.delete(names[name])
            self._save(names[name], ContentFile(content))
            yield name, names[name], True
        for name, beside in self.compress_files([names[name] for name in contents]):
            yield name, beside, True
        self.hashed_files.update(names)

    def create_compressor(self, **options: Any) -> Compressor:
        """No page asks for source maps, and the largest files are some."""
        return Compressor(**options | {"extensions": (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")})


class OwnPageFiles(PageFiles):
    """Gathers only our own files, which takes no time at a start; all others keep their place and name."""

    def stored_name(self, name: str) -> str:
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))


def collect() -> None:
    """Gathers our files where a server does this for itself at its start; nothing is done where they have not changed."""
    files = staticfiles_storage
    if not isinstance(files, OwnPageFiles) or files.hashed_files == prepared(found())[1]:
        return
    for old in Path(files.location).glob(f"{FOLDER}*"):
        shutil.rmtree(old)
    for _ in files.post_process(found()):
        pass


def found() -> Paths:
    """Our own files where they lie in the sources."""
    return {
        name: (files, path)
        for finder in get_finders()
        for path, files in finder.list([])
        if is_ours(name := str(PurePosixPath(getattr(files, "prefix", None) or "", path)))
    }


def is_ours(name: str) -> bool:
    """Whether it belongs to the frontend, or to the desk's additions to Django's admin."""
    return PurePosixPath(name).parts[0] in {"desk", *(prefix for prefix, _ in settings.STATICFILES_DIRS)}


def read(files: Storage, path: str) -> bytes:
    with files.open(path) as file:
        return bytes(file.read())


def bare(name: str, content: bytes) -> bytes:
    """A script or a style without comments and empty lines, anything else as it is."""
    inline = INLINE.get(PurePosixPath(name).suffix)
    return inline.sub("", LINE.sub("", content.decode())).encode() if inline else content


def prepared(ours: Paths) -> tuple[dict[str, bytes], dict[str, str]]:
    """What each file holds, and where each name is served from: a module, where the script is that it was joined to."""
    contents = {name: bare(name, read(*ours[name])) for name in sorted(ours)}
    folder = FOLDER + digest(contents)
    names = {name: f"{folder}/{name}" for name in contents}
    modules = {name: content.decode() for name, content in contents.items() if name.endswith(".js")}
    for entry in ENTRIES & modules.keys():
        script, within = joined(modules, entry)
        contents = {name: content for name, content in contents.items() if name not in within}
        contents[entry] = script.encode()
        names |= dict.fromkeys(within, names[entry])
    return contents, names


def digest(contents: Mapping[str, bytes]) -> str:
    """Twelve letters that change with any name or content."""
    whole = hashlib.sha256()
    for name, content in contents.items():
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()[:12]
