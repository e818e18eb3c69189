/** Judgements on the whole document: one question a group, one choice each. */

/** @import {Page} from "../page.js" */
import { byId, element } from "../dom.js";
import { labelDocument } from "../verbs/marking.js";

/** @param {Page} page */
export function createDocumentLabels(page) {
  const section = byId("document-labels");
  const { groups } = page.labels;
  /** @type {Map<string, HTMLSelectElement>} */
  const fields = new Map();
  section.hidden = groups.size === 0;
  for (const [group, labels] of groups) {
    const field = element("select", { id: `document-${group}`, disabled: !page.editable, on: { change: () => labelDocument(page, group, field.value || null) } },
      element("option", { value: "" }, "Not judged"),
      ...labels.map((label) => element("option", { value: label.slug, title: label.definition }, label.name)));
    fields.set(group, field);
    section.append(element("div", { className: "field" }, element("label", { for: field.id }, sentence(group)), field));
  }
  page.editors.document = () => [...fields.values()][0]?.focus();

  return {
    show() {
      for (const [group, field] of fields) {
        field.value = page.state.documentLabels[group] ?? "";
        field.disabled = !page.editable;
      }
    },
  };
}

const sentence = (/** @type {string} */ slug) => {
  const words = slug.replace(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
