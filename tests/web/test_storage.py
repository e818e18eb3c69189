"""The pages' files as they are served: what is left out, what they are called, and that every page finds its own."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from whitenoise import WhiteNoise

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.projects.models import Project
from annotator.web import storage

ADDRESS = re.compile(r"""(?:href|src)=["'](/static/[^"']+)["']""")
BARE = [
    ("a.js", "/** What it\n * does. */\nrun();\n", "run();\n"),
    ("a.js", "// why\nrun();   // how\n\n\n  // again\n  walk();\n", "run();   // how\n  walk();\n"),
    ("a.js", "const a = /** @type {A} */ (b);\n", "const a = (b);\n"),
    ("a.js", "/** @type {A} */ let a;\nrun(); /* c */\n", "let a;\nrun(); /* c */\n"),
    ("a.js", 'const a = "https://example.org";\n', 'const a = "https://example.org";\n'),
    ("a.js", "const a = `\n  <p>\n`;\n", "const a = `\n  <p>\n`;\n"),
    (
        "a.css",
        "/* paper */\na { color: red; } /* ink */\n\nb { top: 0; }\n",
        "a { color: red; } \nb { top: 0; }\n",
    ),
    ("a.svg", "<!-- a -->\n\n// b\n", "<!-- a -->\n\n// b\n"),
]


@pytest.mark.parametrize(("name", "content", "left"), BARE)
def test_only_comments_and_empty_lines_go(name: str, content: str, left: str) -> None:
    assert storage.bare(name, content.encode()).decode() == left


def test_the_address_changes_with_any_name_or_content() -> None:
    contents = [
        {"a": b"1", "b": b"2"},
        {"a": b"1", "b": b"3"},
        {"a": b"1", "c": b"2"},
        {"a": b"1b", "": b"2"},
        {"a": b"12"},
    ]
    assert len({storage.digest(one) for one in contents}) == len(contents)
    assert storage.digest(contents[0]) == storage.digest(dict(contents[0]))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What production serves, collected once; without what only the API's browsable description needs."""
    folder = tmp_path_factory.mktemp("static")
    with as_production(folder):
        call_command(
            "collectstatic",
            interactive=False,
            verbosity=0,
            ignore_patterns=["drf_*", "rest_framework", "gis"],
        )
    return folder


@pytest.fixture
def production(collected: Path) -> Iterator[Path]:
    """Pages that name their files as production does."""
    with as_production(collected):
        yield collected


def as_production(folder: Path) -> override_settings:
    backend = {"BACKEND": "annotator.web.storage.PageFiles"}
    return override_settings(STATIC_ROOT=folder, STORAGES=settings.STORAGES | {"staticfiles": backend})


@pytest.mark.django_db
def test_every_page_finds_its_files(
    production: Path, visitor: Callable[..., Client], mona: User, project: Project, reading: AnnotationSet
) -> None:
    mona.is_staff = True
    mona.save()
    pages = ["work", "manual", "tokens", "new_project", "sign_in"]
    below = [
        "progress",
        "documents",
        "members",
        "guideline",
        "guideline_edit",
        "settings",
        "agreement",
        "imports",
        "exports",
    ]
    client, reader = visitor(mona), visitor(reading.membership.user)
    addresses = [*(reverse(f"web:{name}") for name in pages)]
    addresses += [*(reverse(f"web:{name}", kwargs={"p": project.slug}) for name in below), "/admin/"]
    label = reverse("web:set", kwargs={"p": project.slug, "set_id": reading.pk})
    for address, who in [*((address, client) for address in addresses), (label, reader)]:
        page = (visitor() if address == reverse("web:sign_in") else who).get(address)
        assert page.status_code == 200, address
        asked = ADDRESS.findall(page.content.decode())
        assert asked, address
        for one in asked:
            assert (production / one.removeprefix("/static/")).is_file(), f"{address} asks for {one}"


def test_a_page_loads_one_script(collected: Path) -> None:
    [folder] = collected.glob("pages.*")
    assert len(list(folder.rglob("*.js"))) < 6
    for name, least in {"label/main.js": 35, "site/site.js": 5}.items():
        script = (folder / name).read_text()
        assert script.count("= (() => {\n") > least
        assert not re.search(r"^(import|export)\b", script, re.MULTILINE)


def test_nothing_of_ours_is_served_with_its_comments(collected: Path) -> None:
    [folder] = collected.glob("pages.*")
    for file in [*folder.rglob("*.js"), *folder.rglob("*.css")]:
        assert "/**" not in file.read_text(), file
        assert not re.search(r"^\s*(//.*)?$", file.read_text().rstrip("\n"), re.MULTILINE), file


@pytest.mark.parametrize(("accepted", "sent"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_a_script_arrives_compressed_and_is_kept_for_ever(
    collected: Path, accepted: str, sent: str | None
) -> None:
    [folder] = collected.glob("pages.*")
    served = WhiteNoise(
        None, root=collected, prefix="/static/", immutable_file_test=settings.WHITENOISE_IMMUTABLE_FILE_TEST
    )
    asked: dict[str, Any] = {
        "PATH_INFO": f"/static/{folder.name}/label/main.js",
        "HTTP_ACCEPT_ENCODING": accepted,
    }
    setup_testing_defaults(asked)
    answers: list[dict[str, str]] = []
    sent_back = served(asked, lambda status, headers: answers.append(dict(headers)))
    body = b"".join(sent_back)
    sent_back.close()
    [headers] = answers
    assert headers.get("Content-Encoding") == sent
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Type"].startswith("text/javascript")
    assert len(body) < (60_000 if sent else 300_000)


def test_a_start_gathers_our_files_only_when_they_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    (source / "label").mkdir(parents=True)
    script = source / "label/main.js"
    script.write_text("run();\n" * 50)
    monkeypatch.setattr(
        storage, "found", lambda: {"label/main.js": (FileSystemStorage(source), "label/main.js")}
    )
    options = {"location": str(tmp_path / "static"), "base_url": "/static/"}
    backend = {"BACKEND": "annotator.web.storage.OwnPageFiles", "OPTIONS": options}

    def gathered() -> tuple[str, int]:
        storage.collect()
        address = staticfiles_storage.url("label/main.js")
        return address, (tmp_path / address.strip("/")).stat().st_mtime_ns

    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": backend}):
        first = gathered()
        assert gathered() == first
        assert staticfiles_storage.url("admin/css/base.css") == "/static/admin/css/base.css"
        script.write_text("walk();\n" * 50)
        assert gathered()[0] != first[0]
    assert len(list((tmp_path / "static").glob("pages.*/label/main.js.br"))) == 1
