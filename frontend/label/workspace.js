/** The labelling page at work: the state, the outbox, and every pane around the text that is painted already. */

/** @import {AnnotationSet} from "./types.js" */
/** @import {Entry} from "./outbox.js" */
import { connect, csrfToken } from "./api.js";
import { commandsOf } from "./commands.js";
import { byId } from "./dom.js";
import { rekeyed } from "./keymap.js";
import { listenToButtons, listenToKeys, listenToLayout, listenToLeaving, listenToPointer } from "./listening.js";
import { openOutbox } from "./outbox.js";
import { Page } from "./page.js";
import { createArcs } from "./panes/arcs.js";
import { createComments } from "./panes/comments.js";
import { createDocumentLabels } from "./panes/document-labels.js";
import { createFind } from "./panes/find.js";
import { createFrame } from "./panes/frame.js";
import { createGuideline } from "./panes/guideline.js";
import { createInspector } from "./panes/inspector.js";
import { createKeys, mineAt } from "./panes/keys.js";
import { createMap } from "./panes/map.js";
import { createRelationList } from "./panes/relations.js";
import { createSpanList } from "./panes/spans.js";
import { createStatus } from "./panes/status.js";
import { createTabs } from "./panes/tabs.js";
import { indexedStore, lateStore, memoryStore } from "./store.js";
import { wordsOf } from "./text/words.js";
import { offerGoing } from "./verbs/going.js";
import { closeElsewhere, reopen, showAnew } from "./verbs/leaving.js";
import { packed, unpacked } from "./visits.js";

/**
 * @param {{set: AnnotationSet, labels: import("./labels.js").Labels, painter: ReturnType<typeof import("./text/paint.js").createPainter>}} parts
 */
export function openWorkspace({ set, labels, painter }) {
  const { api: project = "", next = "/", person = "", csrfCookie = "csrftoken", alias = "", comments = "", reopens = "" } = byId("label").dataset;
  const { text, language } = set.document;
  const place = `${person}:${set.id}`;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`annotator:${place}`) : undefined;
  const api = connect({ project, set: set.id, token: () => csrfToken(document, csrfCookie) });
  /** @type {ReturnType<typeof createStatus>|undefined} */
  let sign;
  const outbox = openOutbox({
    key: { person, set: set.id }, channel,
    versions: new Map([...set.spans, ...set.relations, ...set.comments ?? []].map((object) => [object.id, object.version ?? 0])),
    store: lateStore(indexedStore(indexedDB, { person, set: set.id }).catch(() => memoryStore())),
    send: api.send,
    alone: async (work) => { await (navigator.locks ? navigator.locks.request(`annotator:${place}`, work) : work()); },
    notify: (status) => sign?.showStatus(status),
    joined: (entry) => page.join(entry),
    stored,
  });
  const keyPlace = `keys:${person}`;
  const page = new Page({
    set, labels, painter, outbox, api, next, alias, commands: rekeyed(commandsOf(labels), mineAt(keyPlace)),
    words: wordsOf(text, painter.offsets, painter.paragraphs, language), mayComment: comments === "yes", mayReopen: reopens === "yes",
    tell: (message) => channel?.postMessage(message),
  });

  /** @param {Entry} entry @param {any} body */
  function stored(entry, body) {
    if (entry.layer === "comments" && body?.created_at && page.state.comments.get(entry.id)?.text === body.text) page.adopt("comments", entry.id, body);
    if (entry.method !== "DELETE") return;
    for (const id of body?.deleted?.relations ?? []) if (page.state.relations.has(id)) page.adopt("relations", id, null);
  }

  const status = sign = createStatus(page);
  const frame = createFrame(byId("frame"), page);
  const arcs = createArcs(page);
  const keys = createKeys(page, keyPlace);
  page.near.push(frame, createFind(page));
  page.far.push(keys, createInspector(page), createSpanList(page, frame.hover), createRelationList(page), createDocumentLabels(page), createComments(page), createMap(page), arcs, status);
  createGuideline(page);
  createTabs(page);
  keys.build();
  page.show(page.state);

  channel?.addEventListener("message", ({ data }) => { 
    if (data.kind === "closed") closeElsewhere(page);
    if (data.kind === "discarded") outbox.load().then(() => showAnew(page));
  });
  document.getElementById("reopen")?.addEventListener("click", () => reopen(page));
  listenToKeys(page);
  listenToPointer(page, frame.hover);
  listenToButtons(page);
  offerGoing(page);
  listenToLayout(painter.root, () => {
    frame.show();
    arcs.measure();
  });
  const visit = `annotator-visit:${place}`;
  listenToLeaving(page, () => {
    try {
      sessionStorage.setItem(visit, packed(page.state));
    } catch { /* too much to keep: undo begins anew */ }
  });

  outbox.load().then((left) => {
    for (const entry of left) page.join(entry);
    page.show(unpacked(page.state, sessionStorage.getItem(visit)));
    return outbox.flush();
  });
  idle(() => page.words.prepare());
}

/**
 * Does this when nothing else is to be done.
 * @param {() => void} work
 */
const idle = (work) => { (window.requestIdleCallback ?? setTimeout)(work); };

