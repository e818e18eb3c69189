/** What is in hand, field by field; every field saves as soon as it is changed. */

/** @import {Page} from "../page.js" */
/** @import {Relation, Span} from "../types.js" */
import { byId, element, row } from "../dom.js";
import { holderName } from "../labels.js";
import { endId, relationsAt } from "../state.js";
import { createHolderField } from "./holder.js";
import { plainButton } from "./keys.js";
import { describe, describeEnd, passive } from "../wording.js";
import { alterHand, removeHand } from "../verbs/marking.js";
import { take } from "../verbs/moving.js";

const PAUSE = 1500;
const CONFIDENCES = [0.25, 0.5, 0.75, 1];

/** @param {Page} page */
export function createInspector(page) {
  const section = byId("inspector");
  const idle = byId("inspector-idle");
  const form = byId("inspector-form");
  const title = byId("inspector-title");
  const back = () => page.painter.root.focus({ preventScroll: true });

  const { labels } = page;
  const stance = select("stance", "Stance", "", labels.stances, (value) => alterHand(page, { stance: value }));
  const role = select("role", "Role", "r", labels.roles, (value) => alterHand(page, { role: value }));
  const target = select("target", "Target", "t", page.set.scheme.targets, (value) => alterHand(page, { target: value }));
  const holder = createHolderField(page, back);
  const explicit = select("explicit", "Stance is", "e", [{ slug: "true", name: "Said" }, { slug: "false", name: "Implied" }],
    (value) => alterHand(page, { explicit: value === null ? null : value === "true" }));
  const confidence = select("confidence", "Confidence", "", [], (value) => alterHand(page, { confidence: value === null ? null : Number(value) }));
  const kind = select("relation-kind", "Relation", "", labels.relations, (value) => { if (value) alterHand(page, { label: value }); });
  const note = element("textarea", { id: "field-note", rows: 1, maxLength: 10000 });
  const related = element("ul", { className: "related" });
  const remove = element("button", { type: "button", className: "plain", on: { click: () => removeHand(page) } }, element("kbd", { "aria-hidden": "true" }, "x"), " Delete");
  const spanRows = [stance.row, role.row, holder.row, target.row, explicit.row];
  const noteRow = row("field-note", "Note", "n", note);
  form.append(kind.row, ...spanRows, confidence.row, noteRow);
  section.append(related);
  const talk = ["comment", "flag"].map((name) => page.commands.find((command) => command.name === name)).filter((command) => command !== undefined)
    .map((command) => plainButton(command, command.name === "flag" ? "Flag" : "Comment", page));
  byId("inspector-head").append(element("span", { className: "acts" }, ...talk, remove));

  Object.assign(page.editors, {
    role: () => open(role.field), target: () => open(target.field), note: () => note.focus(), holder: () => holder.focus(),
  });
  watchNote();

  /** Saves a note when its writer pauses or leaves, to the thing it was written on. */
  function watchNote() {
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let timer;
    const save = () => {
      clearTimeout(timer);
      if (page.state.hand?.id === note.dataset.id) alterHand(page, { note: note.value });
    };
    note.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    });
    note.addEventListener("change", save);
    document.addEventListener("visibilitychange", save);   // the last chance when the tab is closed
    note.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
      save();
      back();
      event.stopPropagation();
      event.preventDefault();
    });
  }

  /** @param {Span|Relation} object */
  function showNote(object) {
    if (note.dataset.id === object.id && document.activeElement === note) return;
    note.dataset.id = object.id;
    if (note.value !== object.note) note.value = object.note;
  }

  /** @param {string} id */
  function showRelated(id) {
    const all = relationsAt(page.state, id);
    related.hidden = !all.length;
    related.replaceChildren(...all.map((relation) => element("li", {},
      element("button", { type: "button", className: "row", title: describe(page, { layer: "relations", id: relation.id }), on: { click: () => take(page, { layer: "relations", id: relation.id }) } },
        ...saidFrom(relation, id)))));
  }

  /**
   * A relation as the object in hand sees it: "supports ...", "attacked by ...".
   * @param {Relation} relation
   * @param {string} id
   */
  function saidFrom({ label, from, to }, id) {
    const name = labels.relationName(label).toLowerCase();
    const away = from.span === id;
    const other = away ? describeEnd(page, { layer: "span" in to ? "spans" : "relations", id: endId(to) }) : describe(page, { layer: "spans", id: from.span });
    return [element("b", {}, away ? name : passive(name)), " ", element("span", { dir: "auto" }, other)];
  }

  return {
    show() {
      const { hand } = page.state;
      const object = hand && page.state[hand.layer].get(hand.id);
      idle.hidden = Boolean(object);
      form.hidden = !object;
      if (!object) related.hidden = true;
      section.classList.toggle("filled", Boolean(object));
      title.textContent = !object ? "Nothing in hand" : hand?.layer === "spans" ? "Span" : "Relation";
      remove.hidden = !object || !page.editable;
      for (const button of talk) button.hidden = !object || !page.mayComment;
      if (!object || !hand) return;
      const isSpan = hand.layer === "spans";
      kind.row.hidden = isSpan;
      for (const one of spanRows) one.hidden = !isSpan;
      if (isSpan) {
        const span = /** @type {Span} */ (object);
        stance.show(span.stance);
        role.show(span.role);
        target.show(span.target);
        explicit.show(span.explicit === null ? null : String(span.explicit));
        holder.show(holderName(page.state.holders, span.holder, true));
      } else kind.show(/** @type {Relation} */ (object).label);
      showConfidence(object.confidence);
      showNote(object);
      showRelated(object.id);
      for (const field of form.querySelectorAll("input, select, textarea")) /** @type {HTMLInputElement} */ (field).disabled = !page.editable;
    },
  };

  /** @param {number|null} value */
  function showConfidence(value) {
    const values = value === null || CONFIDENCES.includes(value) ? CONFIDENCES : [...CONFIDENCES, value].sort();
    confidence.offer(values.map((v) => ({ slug: String(v), name: `${Math.round(v * 100)} %` })));
    confidence.show(value === null ? null : String(value));
  }

  /**
   * A choice that may be none.
   * @param {string} name
   * @param {string} words
   * @param {string} key
   * @param {{slug: string, name: string}[]} choices
   * @param {(slug: string|null) => void} changed
   */
  function select(name, words, key, choices, changed) {
    const field = element("select", { id: `field-${name}`, on: {
      change: () => changed(field.value || null),
      keydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); back(); } },
    } });
    /** @param {{slug: string, name: string}[]} next */
    const offer = (next) => {
      const key_ = next.map((choice) => choice.slug).join("\n");
      if (field.dataset.offered === key_) return;
      field.dataset.offered = key_;
      const none = name === "relation-kind" ? [] : [element("option", { value: "" }, name === "confidence" ? "Not given" : "Not judged")];
      field.replaceChildren(...none, ...next.map((choice) => element("option", { value: choice.slug }, choice.name)));
    };
    offer(choices);
    return {
      field, offer, row: row(field.id, words, key, field),
      /** @param {string|null} slug */
      show(slug) { field.value = slug ?? ""; },
    };
  }
}

/** @param {HTMLSelectElement} field */
function open(field) {
  field.focus();
  try {
    field.showPicker();
  } catch { /* focus is enough where a picker may not be opened */ }
}
