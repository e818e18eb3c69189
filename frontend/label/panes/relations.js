/** The relations in words, one under the other. */

/** @import {Page} from "../page.js" */
/** @import {Relation} from "../types.js" */
import { byId, element, watching } from "../dom.js";
import { endId } from "../state.js";
import { describe, describeEnd } from "../wording.js";
import { take } from "../verbs/moving.js";

/** @param {Page} page */
export function createRelationList(page) {
  const section = byId("relations-section");
  const list = byId("relations");
  const count = byId("relation-count");
  const changed = watching();
  /** @type {Map<string, {item: HTMLElement, changed: (...values: unknown[]) => boolean}>} */
  const rows = new Map();
  /** @type {Element|null} */
  let current = null;

  list.addEventListener("click", (event) => {
    const id = event.target instanceof Element ? event.target.closest("button")?.dataset.id : undefined;
    if (id) take(page, { layer: "relations", id }, true);
  });

  function show() {
    const { relations, spans, holders } = page.state;
    if (!changed(relations, spans, holders)) return showCurrent();
    section.hidden = relations.size === 0;
    count.textContent = String(relations.size);
    for (const [id, { item }] of rows) if (!relations.has(id)) { item.remove(); rows.delete(id); }
    for (const relation of relations.values()) {
      const row = rows.get(relation.id) ?? { item: list.appendChild(element("li")), changed: watching() };
      rows.set(relation.id, row);
      const to = "span" in relation.to ? spans.get(relation.to.span) : {};   // a relation's own ends may have changed: say it anew
      if (row.changed(relation, holders, spans.get(relation.from.span), to)) row.item.replaceChildren(rowOf(relation));
    }
    showCurrent();
  }

  /** @param {Relation} relation */
  function rowOf(relation) {
    return element("button", { type: "button", className: "row", dataset: { id: relation.id } },
      element("span", { dir: "auto" }, describe(page, { layer: "spans", id: relation.from.span })),
      element("b", {}, page.labels.relationName(relation.label).toLowerCase()),
      element("span", { dir: "auto" }, describeEnd(page, { layer: "span" in relation.to ? "spans" : "relations", id: endId(relation.to) })));
  }

  function showCurrent() {
    const { hand } = page.state;
    current?.removeAttribute("aria-current");
    current = hand?.layer === "relations" ? list.querySelector(`[data-id="${CSS.escape(hand.id)}"]`) : null;
    current?.setAttribute("aria-current", "true");
  }

  return { show };
}
