"""Modules in one script do what they do apart; what is not understood is refused, never passed on."""

import shutil
import subprocess

import pytest

from annotator.web.joining import joined

MODULES = {
    "a/main.js": 'import { twice, half as less } from "./math.js";\nimport * as words from "../words.js";\n'
    'import "./first.js";\n'
    'export { twice as double } from "./math.js";\nconsole.log(twice(4), less(4), words.hello("b"), words.Greeting.kind);\n',
    "a/math.js": 'import { ONE } from "../one.js";\nconst own = 2;\nexport const twice = (n) => n * own * ONE;\n'
    "const half = (n) => n / own;\nexport { half };\n",
    "words.js": "import { ONE } from './one.js';\n".replace("'", '"')
    + 'const own = "hello";\nexport function hello(name) {\n  return `${own} ${name} ${ONE}`;\n}\n'
    'export class Greeting {\n  static kind = "kind";\n}\nexport async function later() {}\nexport function* many() {}\n',
    "one.js": 'console.log("once");\nexport const ONE = 1;\n',
    "a/first.js": "export {};\n",
}


def test_the_modules_run_once_in_the_order_of_a_browser() -> None:
    script, within = joined(MODULES, "a/main.js")
    assert within == ["one.js", "a/math.js", "words.js", "a/first.js", "a/main.js"]
    assert run(script) == "once\n8 2 hello b 1 kind\n"


def test_what_a_module_keeps_to_itself_stays_there() -> None:
    script, _ = joined(MODULES, "a/main.js")
    assert run(script + "console.log(typeof own, Object.keys(module2).join());\n").endswith(
        "undefined hello,Greeting,later,many\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        'export * from "./b.js";',
        "export let moving = 1;",
        "export const { a, b } = c;",
        'import whole from "./b.js";',
        'import { a } from "package";',
        'const late = await import("./b.js");',
        "await ready();",
        "run(import.meta.url);",
    ],
)
def test_another_way_to_write_is_refused_by_its_line(line: str) -> None:
    with pytest.raises(ValueError, match=r"a\.js"):
        joined({"a.js": f"{line}\n", "b.js": ""}, "a.js")


def test_a_circle_is_refused_by_its_names() -> None:
    circle = {"a.js": 'import "./b.js";\n', "b.js": 'import "./c.js";\n', "c.js": 'import "./b.js";\n'}
    with pytest.raises(ValueError, match=r"b\.js imports c\.js imports b\.js"):
        joined(circle, "a.js")


def run(script: str) -> str:
    """What the script prints."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node to run the script with")
    done = subprocess.run(
        [node, "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
