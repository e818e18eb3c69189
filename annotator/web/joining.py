"""One script out of modules that import each other: one request in place of forty, and better compressed.

A module becomes a function that is called at once and gives what the module exports, after those it imports. The modules are
ours and written in one way, which is all that is understood here; whatever else is met is refused by its line.
"""

import posixpath
import re
from collections.abc import Mapping

IMPORT = re.compile(
    r'^import (?:\{(?P<names>[^}]*)\} from |\* as (?P<all>\w+) from )?"(?P<path>\.[^"]+)";[ \t]*$',
    re.MULTILINE,
)
EXPORT = re.compile(
    r"^export (?=(?:async )?function\*? (?P<function>\w+)|class (?P<class>\w+)|const (?P<const>\w+)\b)",
    re.MULTILINE,
)
LIST = re.compile(r"^export \{(?P<names>[^}]*)\};[ \t]*$", re.MULTILINE)
AGAIN = re.compile(r'^export \{(?P<names>[^}]*)\} from "(?P<path>\.[^"]+)";[ \t]*$', re.MULTILINE)
LEFT = re.compile(r"^(?:import|export)\b.*|\bimport(?:\(|\.meta).*|^await\b.*", re.MULTILINE)


def joined(modules: Mapping[str, str], entry: str) -> tuple[str, list[str]]:
    """The script that does what the entry does, and the names of the modules in it; raises ValueError where it cannot."""
    order: list[str] = []
    arrange(modules, entry, order, ())
    places = {name: f"module{number}" for number, name in enumerate(order)}
    return "".join(wrapped(name, modules[name], places) for name in order), order


def arrange(modules: Mapping[str, str], name: str, order: list[str], above: tuple[str, ...]) -> None:
    """Adds a module after all that it imports, as a browser runs them; each once."""
    if name in above:
        raise ValueError(" imports ".join((*above[above.index(name) :], name)))
    if name not in order:
        for asked in imported(modules[name], name):
            arrange(modules, asked, order, (*above, name))
        order.append(name)


def imported(source: str, name: str) -> list[str]:
    found = sorted([*IMPORT.finditer(source), *AGAIN.finditer(source)], key=re.Match.start)
    return [beside(name, one["path"]) for one in found]


def beside(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def wrapped(name: str, source: str, places: Mapping[str, str]) -> str:
    """The module as a constant that holds what it exports."""
    given = [one for match in EXPORT.finditer(source) for one in match.groups() if one]
    given += [
        swapped(one, " as ", ": ", turned=True)
        for match in LIST.finditer(source)
        for one in listed(match["names"])
    ]

    def taken(match: re.Match[str]) -> str:
        place = places[beside(name, match["path"])]
        if match["all"]:
            return f"const {match['all']} = {place};"
        names = ", ".join(swapped(one, " as ", ": ") for one in listed(match["names"] or ""))
        return f"const {{ {names} }} = {place};" if names else ""

    def passed(match: re.Match[str]) -> str:
        place = places[beside(name, match["path"])]
        for one in listed(match["names"]):
            own, _, other = one.partition(" as ")
            given.append(f"{other or own}: {place}.{own}")
        return ""

    body = LIST.sub("", EXPORT.sub("", AGAIN.sub(passed, IMPORT.sub(taken, source))))
    if left := LEFT.search(body):
        raise ValueError(f"{name}: {left[0]}")
    return f"const {places[name]} = (() => {{\n{body.strip()}\nreturn {{ {', '.join(given)} }};\n}})();\n"


def listed(names: str) -> list[str]:
    return [one.strip() for one in names.split(",") if one.strip()]


def swapped(name: str, old: str, new: str, *, turned: bool = False) -> str:
    """`a as b` in the form of an object's pattern, or turned, of an object."""
    first, _, second = name.partition(old)
    if not second:
        return first
    return f"{second}{new}{first}" if turned else f"{first}{new}{second}"
