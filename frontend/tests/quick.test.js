// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { offerQuickOpen } from "../site/quick.js";

const PLACES = [
  { kind: "page", title: "Settings", detail: "Harbour", url: "/projects/harbour/settings/" },
  { kind: "document", title: "Hearing <b>x</b>", detail: "d1 · Harbour", url: "/projects/harbour/documents/1/" },
];
const settled = async () => { for (let turn = 0; turn < 12; turn += 1) await Promise.resolve(); };
let listeners = [];

beforeEach(() => {
  for (const [name, heard] of listeners) document.removeEventListener(name, heard);
  listeners = [];
  const add = document.addEventListener.bind(document);
  vi.spyOn(document, "addEventListener").mockImplementation((name, heard) => { listeners.push([name, heard]); add(name, heard); });
  HTMLDialogElement.prototype.showModal = function () { this.open = true; };
  HTMLDialogElement.prototype.close = function () { this.open = false; this.dispatchEvent(new Event("close")); };
  document.body.innerHTML = '<a href="#x" id="before">x</a><input id="text"><button data-quick="/api/v1/find/" data-project="harbour" hidden>Go to <kbd></kbd></button>';
});

function offered({ answer = () => ({ ok: true, json: async () => ({ results: PLACES }) }), mac = false } = {}) {
  const asked = [];
  const waits = [];
  const go = vi.fn();
  const fetch = async (address, options) => { asked.push([address, options]); return answer(address, options); };
  offerQuickOpen(document, { fetch, go, mac, wait: async (ms) => { waits.push(ms); } });
  return { asked, waits, go, dialog: document.querySelector("dialog"), field: document.querySelector("dialog input") };
}

function press(key, target = document.body, more = {}) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

function type(field, words) {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const said = () => document.querySelector("dialog [role=status]").textContent;

describe("quick-open", () => {
  it.each([["Ctrl", { ctrlKey: true }], ["Cmd", { metaKey: true }]])("opens by %s+K outside text fields, and closes by it", async (_, held) => {
    const { dialog, field } = offered();
    expect(press("k", document.getElementById("text"), held).defaultPrevented).toBe(false);
    expect(dialog.open).toBe(false);
    expect(press("k", document.getElementById("before"), held).defaultPrevented).toBe(true);
    expect(dialog.open).toBe(true);
    expect(document.activeElement).toBe(field);
    press("k", field, held);
    expect(dialog.open).toBe(false);
  });

  it("says its key on its button, which is shown only now", () => {
    offered({ mac: true });
    const button = document.querySelector("[data-quick]");
    expect([button.hidden, button.textContent, button.getAttribute("aria-keyshortcuts")]).toEqual([false, "Go to ⌘ K", "Meta+K"]);
  });

  it("offers where one may want to go before a letter is typed", async () => {
    const { dialog, asked } = offered();
    press("k", document.body, { ctrlKey: true });
    await settled();
    expect(asked[0][0]).toBe("/api/v1/find/?q=&project=harbour");
    expect([...dialog.querySelectorAll("[role=option]")].map((each) => each.textContent)).toEqual([
      "Settings page · Harbour", "Hearing <b>x</b> document · d1 · Harbour",
    ]);
    expect(dialog.querySelector("b")).toBeNull();
    expect(said()).toBe("2 places");
  });

  it("goes where the arrow keys lead, with the field keeping the focus", async () => {
    const { field, go, dialog } = offered();
    press("k", document.body, { ctrlKey: true });
    await settled();
    expect(field.getAttribute("aria-expanded")).toBe("true");
    expect(field.getAttribute("aria-activedescendant")).toBe("quick-0");
    press("ArrowDown", field);
    expect(field.getAttribute("aria-activedescendant")).toBe("quick-1");
    expect(dialog.querySelectorAll('[aria-selected="true"]')).toHaveLength(1);
    press("ArrowDown", field);
    expect(field.getAttribute("aria-activedescendant")).toBe("quick-0");
    press("ArrowUp", field);
    press("Enter", field);
    expect(go).toHaveBeenCalledWith("/projects/harbour/documents/1/");
    expect(dialog.open).toBe(false);
  });

  it("leaves Enter to an input method that is composing", async () => {
    const { field, go } = offered();
    press("k", document.body, { ctrlKey: true });
    await settled();
    press("Enter", field, { isComposing: true });
    expect(go).not.toHaveBeenCalled();
  });

  it("gives the focus back to where it was", async () => {
    const { dialog } = offered();
    document.getElementById("before").focus();
    press("k", document.getElementById("before"), { ctrlKey: true });
    dialog.close();
    expect(document.activeElement.id).toBe("before");
  });

  it("asks once for letters typed quickly, and drops the answer to what is no longer asked", async () => {
    let release = () => {};
    const held = new Promise((resolve) => { release = resolve; });
    const { field, asked, waits } = offered({
      answer: async (address) => {
        if (address.includes("q=first")) await held;
        return { ok: true, json: async () => ({ results: address.includes("q=first") ? PLACES : [] }) };
      },
    });
    press("k", document.body, { ctrlKey: true });
    await settled();
    for (const letters of ["f", "fi", "first"]) type(field, letters);
    await settled();
    expect(asked.map(([address]) => address)).toEqual(["/api/v1/find/?q=&project=harbour", "/api/v1/find/?q=first&project=harbour"]);
    expect(waits.slice(1).every((ms) => ms >= 100)).toBe(true);
    type(field, "second");
    await settled();
    expect(asked[1][1].signal.aborted).toBe(true);
    release();
    await settled();
    expect(document.querySelectorAll("[role=option]")).toHaveLength(0);
    expect(said()).toContain("Nothing is called “second”");
  });

  it("takes the first place of the answer that is due, and none of the list from before, where Enter comes first", async () => {
    let release = () => {};
    const held = new Promise((resolve) => { release = resolve; });
    const { field, go, dialog } = offered({
      answer: async (address) => {
        if (!address.includes("q=hearing")) return { ok: true, json: async () => ({ results: PLACES }) };
        await held;
        return { ok: true, json: async () => ({ results: PLACES.slice(1) }) };
      },
    });
    press("k", document.body, { ctrlKey: true });
    await settled();
    type(field, "hearing");
    expect(press("Enter", field).defaultPrevented).toBe(true);
    await settled();
    expect(go).not.toHaveBeenCalled();
    release();
    await settled();
    expect(go.mock.calls).toEqual([["/projects/harbour/documents/1/"]]);
    expect(dialog.open).toBe(false);
  });

  it("goes nowhere by an Enter that was pressed before other letters, or before the dialog was closed", async () => {
    const { field, go, dialog } = offered();
    press("k", document.body, { ctrlKey: true });
    await settled();
    type(field, "hear");
    press("Enter", field);
    type(field, "hearings");
    await settled();
    type(field, "hear");
    press("Enter", field);
    dialog.close();
    await settled();
    expect(go).not.toHaveBeenCalled();
  });

  it.each([
    ["a network that is away", () => { throw new TypeError("network"); }, "cannot be reached"],
    ["a session that has ended", () => ({ ok: false, status: 401 }), "signed out"],
    ["a server that failed", () => ({ ok: false, status: 500 }), "Try again"],
  ])("says what to do about %s", async (_, answer, words) => {
    const { go, field } = offered({ answer });
    press("k", document.body, { ctrlKey: true });
    await settled();
    expect(said()).toContain(words);
    press("Enter", field);
    expect(go).not.toHaveBeenCalled();
  });

  it("is not offered where nobody is signed in", () => {
    document.body.innerHTML = "";
    offerQuickOpen(document);
    expect(document.querySelector("dialog")).toBeNull();
  });
});
