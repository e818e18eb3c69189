import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const modules = ["label", "site"].flatMap((folder) => readdirSync(new URL(folder, root), { recursive: true }).map((file) => `${folder}/${String(file).replaceAll("\\", "/")}`)).filter((file) => file.endsWith(".js"));

/** What a module imports when it runs; what only a comment names is a type. */
function importsOf(file) {
  const code = readFileSync(new URL(file, root), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...code.matchAll(/\bimport\s*(?:[\w*{}\s,]+from\s*)?\(?\s*["'](.+?)["']/g)].map(([, to]) => posix.join(posix.dirname(file), to));
}

/** The first ring of imports, as the modules on it, or null. */
export function ringIn(graph) {
  const done = new Set();
  const walk = (file, path) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const ring = walk(next, [...path, file]);
      if (ring) return ring;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const ring = walk(file, []);
    if (ring) return ring;
  }
  return null;
}

describe("the modules", () => {
  it("import only modules that are there", () => {
    expect(modules.flatMap((file) => importsOf(file).filter((to) => !modules.includes(to)).map((to) => `${file} > ${to}`))).toEqual([]);
  });

  it("never import each other in a ring, for then no file's name could carry a hash of what it holds", () => {
    expect(ringIn(new Map(modules.map((file) => [file, importsOf(file)])))).toBeNull();
    expect(modules.flatMap(importsOf).length).toBeGreaterThan(50);
  });

  it("would be caught at it", () => {
    expect(ringIn(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]]))).toEqual(["b", "c", "b"]);
  });
});
