/** Puts the labelling page together: reads what the server embedded, paints the text, then the rest. */

/** @import {AnnotationSet} from "./types.js" */
import { connect, csrfToken } from "./api.js";
import { commandFor, commandsOf, keyOf } from "./commands.js";
import { byId } from "./dom.js";
import { labelsOf, showHues } from "./labels.js";
import { indexedStore, memoryStore, openOutbox } from "./outbox.js";
import { Page } from "./page.js";
import { createComments } from "./panes/comments.js";
import { createDocumentLabels } from "./panes/document-labels.js";
import { createFrame } from "./panes/frame.js";
import { createGuideline } from "./panes/guideline.js";
import { createInspector } from "./panes/inspector.js";
import { createFind } from "./panes/find.js";
import { createKeys, mineAt } from "./panes/keys.js";
import { createMap } from "./panes/map.js";
import { createArcs, createRelationList } from "./panes/relations.js";
import { createSpanList } from "./panes/spans.js";
import { createStatus } from "./panes/status.js";
import { snapped } from "./cursor.js";
import { rekeyed } from "./keymap.js";
import { lettersOn, snaps } from "./preferences.js";
import { createTabs } from "./panes/tabs.js";
import { spansAt } from "./state.js";
import { offsetsOf } from "./text/offsets.js";
import { createPainter } from "./text/paint.js";
import { paragraphsOf } from "./text/segments.js";
import { readSelection, showSelection } from "./text/selection.js";
import { wordsOf } from "./text/words.js";
import { packed, unpacked } from "./visits.js";
import { aim } from "./verbs/relating.js";
import { reopen } from "./verbs/leaving.js";
import { choose, select, takeAmong } from "./verbs/moving.js";

const main = byId("label");
const { api: project = "", next = "/", person = "", csrfCookie = "csrftoken", alias = "", comments = "" } = main.dataset;
/** @type {AnnotationSet} */
const set = JSON.parse(byId("set-data").textContent ?? "");

const { text, language } = set.document;
const offsets = offsetsOf(text);
const paragraphs = paragraphsOf(text, offsets);
const labels = labelsOf(set.scheme);
showHues(labels.stances);
const root = byId("text");
if (language) root.lang = language;
const painter = createPainter(root, text, offsets, paragraphs, labels.stanceIndex);

const key = { person, set: set.id };
const versions = new Map([...set.spans, ...set.relations, ...set.comments ?? []].map((object) => [object.id, object.version ?? 0]));
const api = connect({ project, set: set.id, token: () => csrfToken(document, csrfCookie) });
const channel = "BroadcastChannel" in window ? new BroadcastChannel(`annotator:${person}:${set.id}`) : undefined;
/** @type {ReturnType<typeof createStatus>|undefined} */
let sign;
const outbox = openOutbox({
  key, versions, channel,
  store: lateStore(indexedStore(indexedDB, key).catch(() => memoryStore())),
  send: api.send,
  alone: async (work) => { await (navigator.locks ? navigator.locks.request(`annotator:${person}:${set.id}`, work) : work()); },
  notify: (status) => sign?.showStatus(status),
  joined: (entry) => page.join(entry),
  stored: (entry, body) => {
    if (entry.layer === "comments" && body?.created_at && page.state.comments.get(entry.id)?.text === body.text) page.adopt("comments", entry.id, body);
    if (entry.method !== "DELETE") return;
    for (const id of body?.deleted?.relations ?? []) if (page.state.relations.has(id)) page.adopt("relations", id, null);
  },
});

const keyPlace = `keys:${person}`;
const commands = rekeyed(commandsOf(labels), mineAt(keyPlace));
const page = new Page({ set, labels, commands, painter, words: wordsOf(text, offsets, paragraphs, language), outbox, api, next, alias, mayComment: comments === "yes" });
painter.show(page.state.spans);

const status = sign = createStatus(page);
const frame = createFrame(byId("frame"), page);
const arcs = createArcs(page);
page.near.push(frame, createFind(page));
const keys = createKeys(page, keyPlace);
page.far.push(keys, createSpanList(page, frame.hover), createInspector(page), createRelationList(page), createDocumentLabels(page), createComments(page), createMap(page), arcs, status);
createGuideline(page);
createTabs(page);
keys.build();
page.show(page.state);

document.getElementById("reopen")?.addEventListener("click", () => reopen(page));
listenToKeys();
listenToPointer();
listenToLayout();
listenToLeaving();
for (const button of document.querySelectorAll("[data-edit]")) button.addEventListener("click", () => page.editors[/** @type {HTMLElement} */ (button).dataset.edit ?? ""]?.());
for (const button of document.querySelectorAll("[data-toggle]")) button.addEventListener("click", () => page.toggle(/** @type {HTMLElement} */ (button).dataset.toggle ?? ""));
for (const button of document.querySelectorAll("dialog [data-close]")) button.addEventListener("click", () => button.closest("dialog")?.close());
byId("sheet-toggle").addEventListener("click", () => page.openSheet(!document.body.classList.contains("sheet-open")));

const visit = `annotator-visit:${person}:${set.id}`;
outbox.load().then((left) => {
  for (const entry of left) page.join(entry);
  page.show(unpacked(page.state, sessionStorage.getItem(visit)));
  return outbox.flush();
});

/**
 * A store that is still being opened: what is asked of it waits.
 * @param {Promise<import("./outbox.js").Store>} opening
 * @returns {import("./outbox.js").Store}
 */
function lateStore(opening) {
  return {
    add: async (entry) => (await opening).add(entry),
    all: async () => (await opening).all(),
    write: async (changed, gone) => (await opening).write(changed, gone),
    others: async () => (await opening).others(),
  };
}

function listenToKeys() {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph") && event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key)) return;
    if (page.state.drawing && event.key === "Tab") {
      event.preventDefault();
      return aim(page, event.shiftKey ? -1 : 1);
    }
    const at = document.activeElement;
    const command = commandFor(commands, keyOf(event), {
      inField: at instanceof HTMLElement && at.matches("input:not([type=checkbox]), textarea, select"),
      inText: !at || at === document.body || root.contains(at) || Boolean(page.state.drawing),
      onControl: !page.state.drawing && Boolean(at?.matches("button, a, summary, input, [role=option]")),
      editable: page.editable, letters: lettersOn(),
    });
    if (!command) return;
    event.preventDefault();
    command.run(page);
  });
}

function listenToPointer() {
  document.addEventListener("selectionchange", () => {
    const selected = readSelection(painter);
    if (selected && selected.anchor !== selected.focus) select(page, selected);
  });
  // While a selection is drawn, the handles are out of its way: one that ends on a handle would be lost.
  root.addEventListener("pointerdown", () => byId("frame").classList.add("selecting"));
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => {
    const ended = byId("frame").classList.contains("selecting") && snaps() && readSelection(painter);
    byId("frame").classList.remove("selecting");
    if (ended && ended.anchor !== ended.focus) showSelection(painter, snapped(page.words, ended));
  });
  root.addEventListener("click", ({ target, ctrlKey, metaKey }) => {
    const selected = readSelection(painter);
    if (selected && selected.anchor !== selected.focus) return;
    const ids = new Set(painter.spansAt(/** @type {Node} */ (target)));
    const at = selected ? selected.anchor : 0;
    const here = ids.size ? [...spansAt(page.state, at, at + 1), ...spansAt(page.state, Math.max(0, at - 1), at)].map((span) => span.id) : [];
    const candidates = [...new Set(here.filter((id) => ids.has(id)))];
    if ((ctrlKey || metaKey) && candidates.length) choose(page, candidates[0]);
    else takeAmong(page, candidates);
  });
  root.addEventListener("pointerover", ({ target }) => frame.hover(painter.spansAt(/** @type {Node} */ (target))[0] ?? null));
  root.addEventListener("pointerleave", () => frame.hover(null));
}

/** What is drawn over and beside the text follows whatever moves the text: the window, a zoom, text that is laid out late. */
function listenToLayout() {
  let asked = 0;
  const again = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      frame.show();
      arcs.measure();
    });
  };
  new ResizeObserver(again).observe(root);
  root.addEventListener("contentvisibilityautostatechange", again, true);
}

function listenToLeaving() {
  addEventListener("beforeunload", (event) => { if (outbox.status().waiting) event.preventDefault(); });
  addEventListener("pagehide", () => {
    try {
      sessionStorage.setItem(visit, packed(page.state));
    } catch { /* too much to keep: undo begins anew */ }
  });
  addEventListener("online", () => outbox.flush());
  // The browser may bring back the page as it was left; what it shows may be old by then.
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
}
