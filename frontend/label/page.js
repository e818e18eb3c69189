/**
 * The page holds the state, paints the text at once, hands every change to the outbox, and lets the panes follow after the
 * frame in which the text was painted. What keys and clicks ask of it stands in verbs/.
 */

/** @import {AnnotationSet, Comment, Fragment, Holder, Kept, Relation, Span} from "./types.js" */
/** @import {Change, State} from "./state.js" */
/** @import {Entry} from "./outbox.js" */
import * as marks from "./state.js";
import { reveal } from "./verbs/scrolling.js";

/**
 * @typedef {{show: (page: Page) => void}} Pane
 * @typedef {Object} Parts
 * @property {AnnotationSet} set
 * @property {import("./labels.js").Labels} labels
 * @property {import("./commands.js").Command[]} commands
 * @property {ReturnType<typeof import("./text/paint.js").createPainter>} painter
 * @property {import("./cursor.js").Words} words
 * @property {ReturnType<typeof import("./outbox.js").openOutbox>} outbox
 * @property {ReturnType<typeof import("./api.js").connect>} api
 * @property {string} alias who looks at the page
 * @property {boolean} mayComment
 * @property {boolean} mayReopen what was submitted
 * @property {(message: {kind: string}) => void} tell the other tabs
 * @property {string} next where to go after submitting
 *
 * @typedef {{title: string, run?: () => void, href?: string}} Action a button, or a link
 * @typedef {{text: string, places?: Action[]}} Point a part of a notice, and where to go for it
 * @typedef {{text: string, points?: Point[], actions?: Action[], saved?: Notice}} Notice saved: what is said instead when all is saved
 */

export class Page {
  /** @param {Parts} parts */
  constructor({ set, labels, commands, painter, words, outbox, api, next, alias, mayComment, mayReopen, tell }) {
    this.set = set;
    this.labels = labels;
    this.commands = commands;
    this.painter = painter;
    this.words = words;
    this.outbox = outbox;
    this.api = api;
    this.next = next;
    this.alias = alias;
    this.mayComment = mayComment;
    this.mayReopen = mayReopen;
    this.tell = tell;
    /** @type {State} */
    this.state = marks.opened(set);
    /** @type {Pane[]} shown at once with the text */
    this.near = [];
    /** @type {Pane[]} shown after the frame */
    this.far = [];
    /** @type {Object<string, HTMLDialogElement>} */
    this.dialogs = {};
    /** @type {Object<string, () => void>} puts the focus where a thing is edited */
    this.editors = {};
    this.announce = (/** @type {string} */ _text) => {};
    this.notify = (/** @type {Notice|null} */ _notice) => {};
    this.openTab = (/** @type {string} */ _name) => {};
    this.tab = "spans";
    this.confirmed = false;
    /** @type {{id: string, text: string}|null} a word of advice while a span is in hand */
    this.tip = null;
    this.waiting = 0;
    /** @type {import("./types.js").Selected|null} where the cursor was when it was let go */
    this.left = null;
    /** Why the server takes no change any more, by its code; "" while it does. */
    this.stopped = "";
  }

  get editable() {
    return this.state.editable && !this.stopped;
  }

  /** Says why a change is not made. */
  refuse() {
    const { state } = this.set;
    const submitted = this.stopped ? this.stopped === "set_submitted" : state === "submitted" || state === "accepted";
    this.announce(submitted ? "This reading is submitted." : "Nothing can be changed in this reading.");
  }

  /** @param {Change} change */
  mayMake(change) {
    return this.editable || this.mayComment && change.every((operation) => operation.kind !== "document-label" && operation.layer === "comments");
  }

  /**
   * Learns that the server takes no change any more, or does again.
   * @param {string} code
   */
  stop(code) {
    if (code === this.stopped) return;
    this.stopped = code;
    this.show({ ...this.state, drawing: null, many: [] });
  }

  // Showing

  /** @param {State} state */
  show(state) {
    this.state = state;
    this.painter.show(state.spans);
    for (const pane of this.near) pane.show(this);
    this.waiting ||= requestAnimationFrame(() => setTimeout(() => this.showFar()));
  }

  showFar() {
    if (!this.waiting) return;
    cancelAnimationFrame(this.waiting);
    this.waiting = 0;
    for (const pane of this.far) pane.show(this);
  }

  // Changing

  /**
   * Makes a change that can be undone: painted now, sent in order.
   * @param {Change} change
   * @param {string} [said]
   */
  change(change, said) {
    if (!change.length) return;
    if (!this.mayMake(change)) return this.refuse();
    const { state, sent } = marks.committed(this.state, change);
    this.confirmed = false;
    this.notify(null);   // what it said was about the state before
    this.show(state);
    this.post(sent);
    if (said) this.announce(said);
  }

  /** @param {Change} sent */
  post(sent) {
    for (const operation of sent) {
      if (operation.kind === "document-label") {
        this.send({ layer: "document-labels", id: "", method: "PUT", body: this.allDocumentLabels() });
      } else if (operation.kind === "put") {
        this.send({ layer: operation.layer, id: operation.object.id, method: "PUT", body: this.bodyOf(operation), restore: operation.restore });
      } else if (!operation.along) {
        this.send({ layer: operation.layer, id: operation.id, method: "DELETE", body: null });
      }
    }
  }

  /** @param {Parameters<Parts["outbox"]["add"]>[0]} entry */
  send(entry) {
    this.outbox.add(entry).catch((error) => this.notify({
      text: `The last change could not be kept in this browser (${error.message}). It is on the screen and is tried again with the next change: free some disk space.`,
    }));
  }

  /** @param {{layer: Kept, object: any}} put */
  bodyOf({ layer, object }) {
    if (layer === "comments") return { ...commentBody(object), span: this.state.spans.has(object.span) ? object.span : null };   // the server takes no words on what is deleted
    return layer === "spans" ? this.spanBody(object) : relationBody(object);
  }

  /** @param {Span} span */
  spanBody({ fragments, stance, role, holder, target, explicit, note, confidence }) {
    return { fragments, quote: this.quote(fragments), stance, role, holder, target, explicit, note, confidence };
  }

  allDocumentLabels() {
    return Object.fromEntries([...this.labels.groups.keys()].map((group) => [group, this.state.documentLabels[group] ?? null]));
  }

  undo() {
    this.travel(marks.undone(this.state), "Undone", "There is nothing to undo.");
  }

  redo() {
    this.travel(marks.redone(this.state), "Done again", "There is nothing to do again.");
  }

  /**
   * @param {ReturnType<typeof marks.undone>} moved
   * @param {string} said
   * @param {string} nothing
   */
  travel(moved, said, nothing) {
    if (moved ? !this.mayMake(moved.sent) : !this.editable) return this.refuse();
    if (!moved) return this.announce(nothing);
    const touched = moved.sent.find((operation) => operation.kind === "put");
    const hand = touched?.kind === "put" && touched.layer !== "comments" ? { layer: touched.layer, id: touched.object.id } : moved.state.hand;
    this.show({ ...moved.state, hand, drawing: null });
    this.post(moved.sent);
    if (touched) reveal(this, hand);
    this.announce(said);
  }

  /**
   * Takes in what the server or another tab says of an object; not a change of this tab's, so nothing to undo or send.
   * @param {Kept} layer
   * @param {string} id
   * @param {any} object
   */
  adopt(layer, id, object) {
    this.show(marks.adopted(this.state, layer, id, object));
  }

  /**
   * Shows what an entry of the outbox wants, which the server may not know yet.
   * @param {Entry} entry
   */
  join({ layer, id, method, body }) {
    if (layer === "document-labels") this.show({ ...this.state, documentLabels: { ...this.state.documentLabels, ...body } });
    else if (layer === "holders") this.meetHolder(body);
    else if (method === "PUT") this.adopt(layer, id, { ...this.state[layer].get(id), ...layer === "comments" && { author: this.alias }, ...body, id });
    else {
      for (const relation of marks.hangingOn(this.state, id)) this.adopt("relations", relation.id, null);
      this.adopt(layer, id, null);
    }
  }

  /**
   * Gives up a change that the server refused, for what it has stored.
   * @param {Entry} entry
   */
  async revert(entry) {
    try {
      const { status, body } = await this.api.read();
      if (status !== 200) return this.notify({ text: `The server did not give the document (it answered ${status}). Try again in a moment.` });
      const { layer, id } = entry;
      if (layer === "spans" || layer === "relations" || layer === "comments") this.adopt(layer, id, body[layer].find((/** @type {any} */ object) => object.id === id) ?? null);
      if (layer === "document-labels") this.show({ ...this.state, documentLabels: body.document_labels });
      if (layer === "holders") this.show({ ...this.state, holders: body.scheme.holders });
      await this.outbox.settle(entry, "theirs");
    } catch {
      this.notify({ text: "The server does not answer. Try again in a moment." });
    }
  }

  /** @param {Holder} holder */
  meetHolder({ slug, name, parent }) {
    if (!this.state.holders.some((h) => h.slug === slug)) this.show({ ...this.state, holders: [...this.state.holders, { slug, name, parent }] });
  }

  spanInHand() {
    const { hand } = this.state;
    return hand?.layer === "spans" ? this.state.spans.get(hand.id) : undefined;
  }

  /**
   * Puts the focus where a part of the thing in hand is edited.
   * @param {string} what
   */
  edit(what) {
    const needsHand = !["document", "map"].includes(what);
    if (needsHand && !this.state.hand) return this.announce("Take a span in hand first.");
    this.showFar();
    this.openSheet(true);
    this.editors[what]?.();
  }

  /**
   * On a small screen, the list and the inspector come up from below.
   * @param {boolean} open
   */
  openSheet(open) {
    document.body.classList.toggle("sheet-open", open);
    document.getElementById("sheet-toggle")?.setAttribute("aria-expanded", String(open));
  }

  /** @param {string} name */
  toggle(name) {
    const dialog = this.dialogs[name];
    if (dialog?.open) dialog.close();
    else dialog?.show();
  }

  /**
   * The text of a span for who looks at it: what is left out between its fragments shows.
   * @param {Fragment[]} fragments
   */
  excerpt(fragments) {
    return fragments.map(([start, end]) => this.painter.offsets.slice(start, end)).join(" … ");
  }

  /** @param {Fragment[]} fragments */
  quote(fragments) {
    return marks.quoteOf(fragments, this.painter.offsets.slice);
  }
}

/** @param {Relation} relation */
const relationBody = ({ label, from, to, note, confidence }) => ({ label, from, to, note, confidence });

/** @param {Comment} comment */
const commentBody = ({ text, span, reply_to }) => ({ text, span, reply_to });
