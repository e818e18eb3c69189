import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const modules = readdirSync(new URL("../label", import.meta.url), { recursive: true })
  .map((file) => String(file).replaceAll("\\", "/")).filter((file) => file.endsWith(".js") && file !== "types.js").sort();
const template = readFileSync(new URL("../../annotator/web/templates/web/label.html", import.meta.url), "utf8");

describe("the page's template", () => {
  it("asks for one script and nothing ahead of it: the modules are joined when they are served", () => {
    expect(template.match(/<script[^>]*>/g)).toEqual([expect.stringContaining("label/main.js")]);
    expect(template).not.toMatch(/modulepreload/);
  });

  it("has every element that a module asks for by its id", () => {
    const asked = modules.flatMap((file) => [...readFileSync(new URL(`../label/${file}`, import.meta.url), "utf8").matchAll(/byId\("([\w-]+)"\)/g)].map(([, id]) => id));
    const there = new Set([...template.matchAll(/id="([\w-]+)"/g)].map(([, id]) => id).concat("set-data"));
    expect(asked.filter((id) => !there.has(id))).toEqual([]);
  });

  it("carries no script or style of its own, which the content policy would refuse", () => {
    expect(template).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  });
});
