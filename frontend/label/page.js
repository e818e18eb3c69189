/**
 * The page's verbs: what a key, a click or another tab may ask for. It holds the state, paints the text at once, hands every
 * change to the outbox, and lets the panes follow after the frame in which the text was painted.
 */

/** @import {AnnotationSet, Fragment, Hand, Holder, Layer, Relation, Selected, Span} from "./types.js" */
/** @import {Change, State} from "./state.js" */
/** @import {Entry} from "./outbox.js" */
import * as marks from "./state.js";
import { shortened } from "./dom.js";
import { holderName, slugOf } from "./labels.js";
import { newId } from "./outbox.js";
import { stepped } from "./cursor.js";
import { codePointUnder, lineFrom, rangeOf, showSelection } from "./text/selection.js";
import { hull, merged, paragraphAt } from "./text/segments.js";
import { trimmed } from "./text/words.js";

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
 * @property {string} next where to go after submitting
 *
 * @typedef {{text: string, actions?: {title: string, run: () => void}[]}} Notice
 */

export class Page {
  /** @param {Parts} parts */
  constructor({ set, labels, commands, painter, words, outbox, api, next }) {
    this.set = set;
    this.labels = labels;
    this.commands = commands;
    this.painter = painter;
    this.words = words;
    this.outbox = outbox;
    this.api = api;
    this.next = next;
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
    this.confirmed = false;
    this.waiting = 0;
  }

  get editable() {
    return this.state.editable;
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
    if (!this.editable || !change.length) return;
    const { state, sent } = marks.committed(this.state, change);
    this.confirmed = false;
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
        const body = operation.layer === "spans" ? this.spanBody(/** @type {Span} */ (operation.object)) : relationBody(/** @type {Relation} */ (operation.object));
        this.send({ layer: operation.layer, id: operation.object.id, method: "PUT", body, restore: operation.restore });
      } else if (!operation.along) {
        this.send({ layer: operation.layer, id: operation.id, method: "DELETE", body: null });
      }
    }
  }

  /** @param {Parameters<Parts["outbox"]["add"]>[0]} entry */
  send(entry) {
    this.outbox.add(entry).catch((error) => this.notify({
      text: `The last change could not be kept in this browser (${error.message}). It is on the screen but may not be saved: free some disk space and make it again.`,
    }));
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
    if (!moved) return this.announce(nothing);
    const touched = moved.sent.find((operation) => operation.kind === "put");
    const hand = touched?.kind === "put" ? { layer: touched.layer, id: touched.object.id } : moved.state.hand;
    this.show({ ...moved.state, hand, drawing: null });
    this.post(moved.sent);
    if (touched) this.reveal(hand);
    this.announce(said);
  }

  /**
   * Takes in what the server or another tab says of an object; not a change of this tab's, so nothing to undo or send.
   * @param {Layer} layer
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
    else if (method === "PUT") this.adopt(layer, id, { ...body, id });
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
      if (layer === "spans" || layer === "relations") this.adopt(layer, id, body[layer].find((/** @type {any} */ object) => object.id === id) ?? null);
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

  // Labelling

  /**
   * Gives a label to the fresh selection as a new span, or else to the span in hand.
   * @param {Partial<Span>} patch
   */
  give(patch) {
    const { hand } = this.state;
    const chosen = this.trimmedSelection();
    const [[kind, slug]] = Object.entries(patch);
    const name = kind === "stance" ? this.labels.stanceName(String(slug)) : this.labels.roleName(String(slug));
    if (chosen) {
      const id = newId();
      const change = marks.addSpan({ id, fragments: [[chosen.start, chosen.end]], target: this.onlyTarget(), ...patch });
      this.state = { ...this.state, selected: null, drawing: null, hand: { layer: "spans", id } };
      showSelection(this.painter, null);
      this.change(change, `${name}: ${shortened(this.painter.offsets.slice(chosen.start, chosen.end), 60)}`);
    } else if (hand?.layer === "spans") {
      this.change(marks.alter(this.state, "spans", hand.id, patch), String(name));
    } else {
      this.announce("Select some text first, or take a span in hand.");
    }
  }

  onlyTarget() {
    const { targets } = this.set.scheme;
    return targets.length === 1 ? targets[0].slug : null;
  }

  /** @param {Partial<Span>|Partial<Relation>} patch */
  alterHand(patch) {
    const { hand } = this.state;
    if (hand) this.change(marks.alter(this.state, hand.layer, hand.id, patch), this.sayPatch(/** @type {Partial<Span>} */ (patch)));
  }

  /** @param {Partial<Span>} patch */
  sayPatch(patch) {
    const { holders } = this.state;
    if ("holder" in patch) return `Holder: ${holderName(holders, patch.holder ?? null) || "not judged"}`;
    if ("target" in patch) return `Target: ${this.labels.targetName(patch.target ?? null) ?? "not judged"}`;
    if ("stance" in patch) return `Stance: ${this.labels.stanceName(patch.stance ?? null) ?? "not judged"}`;
    if ("role" in patch) return `Role: ${this.labels.roleName(patch.role ?? null) ?? "not judged"}`;
    return "note" in patch ? "Note kept" : undefined;
  }

  toggleExplicit() {
    const span = this.spanInHand();
    if (!span) return this.announce("Take a span in hand first.");
    const explicit = span.explicit === null ? true : span.explicit ? false : null;
    this.alterHand({ explicit });
    this.announce(explicit === null ? "Not judged whether said or implied" : explicit ? "Said" : "Implied");
  }

  resize() {
    this.reshape("moved to the selection", (_fragments, chosen) => [chosen]);
  }

  addFragment() {
    this.reshape("has one fragment more", (fragments, chosen) => merged([...fragments, chosen]));
  }

  /**
   * @param {string} said
   * @param {(fragments: Fragment[], chosen: Fragment) => Fragment[]} shape
   */
  reshape(said, shape) {
    const span = this.spanInHand();
    const chosen = this.trimmedSelection();
    if (!span || !chosen) return this.announce("This needs a span in hand and a selection.");
    this.state = { ...this.state, selected: null };
    showSelection(this.painter, null);
    this.change(marks.alter(this.state, "spans", span.id, { fragments: shape(span.fragments, [chosen.start, chosen.end]) }), `The span ${said}.`);
    this.show(this.state);
  }

  removeHand() {
    const { hand } = this.state;
    if (!hand) return this.announce("Nothing is in hand to delete.");
    const change = marks.remove(this.state, hand.layer, hand.id);
    const what = hand.layer === "relations" ? "Relation" : change.length > 1 ? `Span and ${change.length - 1} of its relations` : "Span";
    this.change(change, `${what} deleted. z brings back.`);
  }

  /**
   * Creates a holder in place and gives it to the span in hand.
   * @param {string} name
   * @param {string|null} parent
   */
  createHolder(name, parent) {
    const holder = { slug: slugOf(name, new Set(this.state.holders.map((h) => h.slug))), name: name.trim(), parent };
    this.meetHolder(holder);
    this.send({ layer: "holders", id: holder.slug, method: "POST", body: holder });
    this.alterHand({ holder: holder.slug });
  }

  /**
   * @param {string} group
   * @param {string|null} slug
   */
  labelDocument(group, slug) {
    this.change(marks.labelDocument(this.state, group, slug));
  }

  // Relations

  /**
   * Begins a relation from the span in hand; with a relation in hand, changes its kind.
   * @param {string} label
   */
  draw(label) {
    const { hand } = this.state;
    if (hand?.layer === "relations") return this.change(marks.alter(this.state, "relations", hand.id, { label }), this.labels.relationName(label));
    if (!hand) return this.announce("Take a span in hand first: the one that supports or attacks.");
    if (!marks.targetsOf({ ...this.state, drawing: { label, from: hand.id, target: null } }).length) return this.announce("There is nothing else to relate it to yet.");
    showSelection(this.painter, null);
    this.show({ ...this.state, selected: null, drawing: { label, from: hand.id, target: null } });
    this.announce(`${this.labels.relationName(label)}: choose the other end. Tab for the next, Enter to take it, Escape to leave.`);
  }

  /** @param {1|-1} step */
  aim(step) {
    const { drawing } = this.state;
    if (!drawing) return;
    const targets = marks.targetsOf(this.state);
    const target = marks.nextOf(targets, (t) => t.id === drawing.target?.id, step);
    if (!target) return;
    this.show({ ...this.state, drawing: { ...drawing, target } });
    this.reveal(target);
    this.announce(`${this.describe(target)}, ${targets.indexOf(target) + 1} of ${targets.length}`);
  }

  /** @param {Hand|null} to */
  finishDrawing(to) {
    const { drawing } = this.state;
    if (!drawing || !to) return;
    const allowed = marks.targetsOf(this.state).some((target) => target.id === to.id);
    this.state = { ...this.state, drawing: null, hand: { layer: "spans", id: drawing.from } };
    if (!allowed) {
      this.show(this.state);
      return this.announce("That relation is there already, or would end where it begins.");
    }
    this.change(marks.addRelation({ id: newId(), label: drawing.label, from: drawing.from, to }), `${this.labels.relationName(drawing.label)}: ${this.describe(to)}`);
  }

  // Moving about

  /**
   * A click or Enter on the text: takes the shortest span there, or at a second time the next one under it.
   * @param {string[]} ids candidates, shortest first
   */
  takeAmong(ids) {
    const { hand, drawing } = this.state;
    if (drawing) {
      const allowed = new Set(marks.targetsOf(this.state).map((target) => target.id));
      const id = ids.find((candidate) => allowed.has(candidate));
      return id ? this.finishDrawing({ layer: "spans", id }) : undefined;
    }
    if (!ids.length) return this.take(null);
    const at = ids.indexOf(hand?.id ?? "");
    this.take({ layer: "spans", id: ids[(at + 1) % ids.length] });
  }

  /**
   * @param {Hand|null} hand
   * @param {boolean} [reveal]
   */
  take(hand, reveal = false) {
    if (this.state.drawing && hand) return this.finishDrawing(hand);
    if (this.state.selected) showSelection(this.painter, null);
    this.show({ ...this.state, hand, selected: null, drawing: null });
    if (!hand) return;
    if (reveal) this.reveal(hand);
    this.announce(this.describe(hand));
  }

  enter() {
    const { drawing } = this.state;
    if (drawing) return this.finishDrawing(drawing.target);
    const place = marks.place(this.state);
    if (!place) return;
    const [start, end] = [Math.min(place.anchor, place.focus), Math.max(place.anchor, place.focus)];
    const ids = marks.spansAt(this.state, start, end).map((span) => span.id);
    if (ids.length) this.takeAmong(ids);
    else this.announce("No span is here.");
  }

  /** @param {1|-1} step */
  step(step) {
    if (this.state.drawing) return this.aim(step);
    const ordered = marks.spansInOrder(this.state);
    const { hand } = this.state;
    const place = this.state.selected;
    const from = place && !hand ? this.nearest(ordered, place.focus, step) : undefined;
    const next = from ?? marks.nextOf(ordered, (span) => span.id === hand?.id, step);
    if (next) this.take({ layer: "spans", id: next.id }, true);
    else this.announce("There are no spans yet.");
  }

  /**
   * @param {Span[]} ordered
   * @param {number} at
   * @param {1|-1} step
   */
  nearest(ordered, at, step) {
    return step > 0 ? ordered.find((span) => hull(span.fragments)[0] >= at) : ordered.findLast((span) => hull(span.fragments)[0] < at);
  }

  /** @param {(at: Selected|null) => Selected|null} motion */
  move(motion) {
    const selected = motion(marks.place(this.state) ?? this.firstInView());
    if (selected) this.select(selected, true);
  }

  /** A place from which the first step goes to the first word in view. */
  firstInView() {
    const { left, right, top } = this.painter.root.getBoundingClientRect();
    const view = this.painter.root.closest(".reader")?.getBoundingClientRect();
    if (!view || top >= view.top) return null;
    const rtl = this.rightward() < 0;
    const at = codePointUnder(this.painter, rtl ? right - 2 : left + 2, view.top + 24);
    return at ? { anchor: at, focus: at } : null;
  }

  /**
   * @param {"forward"|"backward"} direction
   * @param {boolean} extend
   */
  moveLine(direction, extend) {
    const from = marks.place(this.state);
    if (!from) return this.move((at) => stepped(this.words, "word", at, 1));
    const at = lineFrom(this.painter, Math.max(0, from.focus > from.anchor ? from.focus - 1 : from.focus), direction);
    if (at === null) return;
    const word = this.words.covering("word", at) ?? (direction === "forward" ? this.words.following("word", at) : this.words.preceding("word", at));
    if (!word) return this.select(from, false);
    this.select(extend ? { anchor: from.anchor, focus: word.start < from.anchor ? word.start : word.end } : { anchor: word.start, focus: word.end }, true);
  }

  /** Which way the right arrow goes in the paragraph at the cursor. */
  rightward() {
    const place = marks.place(this.state);
    const element = this.painter.element(paragraphAt(this.painter.paragraphs, place?.focus ?? 0));
    return getComputedStyle(element).direction === "rtl" ? -1 : 1;
  }

  /**
   * @param {Selected|null} selected
   * @param {boolean} [byKey] then the browser's selection follows, and it is read out
   */
  select(selected, byKey = false) {
    const { selected: before } = this.state;
    if (before?.anchor === selected?.anchor && before?.focus === selected?.focus) return;
    this.show({ ...this.state, selected });
    if (!byKey) return;
    showSelection(this.painter, selected);
    if (!selected) return;
    this.scrollTo(selected.focus);
    this.announce(shortened(this.painter.offsets.slice(Math.min(selected.anchor, selected.focus), Math.max(selected.anchor, selected.focus)), 200));
  }

  /** The selection without the white space at its ends; null when nothing is left. */
  trimmedSelection() {
    const chosen = marks.selection(this.state);
    if (!chosen) return null;
    const { start, end } = trimmed(this.painter.offsets, chosen.start, chosen.end);
    return start < end ? { start, end } : null;
  }

  spanInHand() {
    const { hand } = this.state;
    return hand?.layer === "spans" ? this.state.spans.get(hand.id) : undefined;
  }

  escape() {
    const open = Object.values(this.dialogs).find((dialog) => dialog.open);
    if (open) return open.close();
    if (document.activeElement instanceof HTMLElement && document.activeElement.closest("#side")) return this.painter.root.focus({ preventScroll: true });
    if (this.state.drawing) {
      this.show({ ...this.state, drawing: null });
      return this.announce("No relation drawn.");
    }
    if (this.state.selected) return this.select(null, true);
    this.take(null);
  }

  /**
   * Puts the focus where a part of the thing in hand is edited.
   * @param {string} what
   */
  edit(what) {
    const needsHand = what !== "document";
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

  // Scrolling

  /** @param {Hand|null} hand */
  reveal(hand) {
    const span = hand?.layer === "spans" ? this.state.spans.get(hand.id)
      : this.state.spans.get(this.state.relations.get(hand?.id ?? "")?.from.span ?? "");
    if (span) this.scrollTo(hull(span.fragments)[0]);
  }

  /**
   * Brings a place into view, if it is not, a third from the top.
   * @param {number} at
   */
  scrollTo(at) {
    const reader = this.painter.root.closest(".reader");
    if (!reader) return;
    const box = this.boxAt(at);
    const view = reader.getBoundingClientRect();
    if (box.top < view.top + 24 || box.bottom > view.bottom - 48) reader.scrollTop += box.top - view.top - view.height / 3;
  }

  /** @param {number} at */
  boxAt(at) {
    const range = rangeOf(this.painter, at, Math.min(at + 1, this.painter.offsets.length));
    return range.getClientRects()[0] ?? this.painter.element(paragraphAt(this.painter.paragraphs, at)).getBoundingClientRect();
  }

  // Words

  /** @param {Fragment[]} fragments */
  quote(fragments) {
    return marks.quoteOf(fragments, this.painter.offsets.slice);
  }

  /**
   * A span or relation in one sentence.
   * @param {Hand} hand
   * @returns {string}
   */
  describe({ layer, id }) {
    if (layer === "relations") {
      const relation = this.state.relations.get(id);
      if (!relation) return "";
      const to = marks.endId(relation.to);
      return `${this.labels.relationName(relation.label)}: ${this.describe({ layer: "spans", id: relation.from.span })} → ${this.describe({ layer: "span" in relation.to ? "spans" : "relations", id: to })}`;
    }
    const span = this.state.spans.get(id);
    return span ? this.describeSpan(span) : "";
  }

  /**
   * An object as the server has it, which this page may not show.
   * @param {string} layer
   * @param {any} object
   */
  describeObject(layer, object) {
    if (layer === "spans" && object) return this.describeSpan(object);
    return object?.label ? this.labels.relationName(object.label) : "";
  }

  /** @param {Span} span */
  describeSpan(span) {
    const parts = [this.labels.stanceName(span.stance), this.labels.roleName(span.role), span.holder && holderName(this.state.holders, span.holder)];
    return `${parts.filter(Boolean).join(", ")}: “${shortened(this.quote(span.fragments), 60)}”`;
  }

  // Leaving

  async submit() {
    if (!this.editable) return;
    const open = this.openQuestions();
    if (open && !this.confirmed) {
      this.confirmed = true;
      return this.notify({ text: open, actions: [{ title: "Submit as it is", run: () => this.submit() }] });
    }
    await this.outbox.flush();
    const { state, waiting, held } = this.outbox.status();
    if (state !== "saved") {
      return this.notify({
        text: held.length ? "Not submitted: settle the changes listed here first."
          : `Not submitted: ${counted(waiting, "change waits", "changes wait")} in this browser for the server. They go out by themselves; submit again when the sign says saved.`,
      });
    }
    try {
      const { status, body } = await this.api.submit();
      if (status < 300) return location.assign(this.next);
      this.notify({ text: `Not submitted. ${(body?.errors ?? []).map((/** @type {any} */ e) => e.detail).join(" ") || `The server answered ${status}.`}` });
    } catch {
      this.notify({ text: "Not submitted: the server does not answer. Everything is saved; submit again in a moment." });
    }
  }

  /** What an annotator may have forgotten, as a sentence, or "". */
  openQuestions() {
    if (!this.state.spans.size) return "Nothing is marked in this document. If you looked and found nothing, submit it as it is: that is a reading, too.";
    const groups = [...this.labels.groups.keys()].filter((group) => !this.state.documentLabels[group]);
    return groups.length ? `The whole document has no label for ${groups.join(" and ")} yet.` : "";
  }
}

/** @param {Relation} relation */
const relationBody = ({ label, from, to, note, confidence }) => ({ label, from, to, note, confidence });

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
export const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;
