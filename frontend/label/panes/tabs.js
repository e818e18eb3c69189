/** What stands in the upper half of the side: the list, the map or the comments. */

/** @import {Page} from "../page.js" */
import { byId } from "../dom.js";

const NAMES = ["spans", "map", "comments"];

/** @param {Page} page */
export function createTabs(page) {
  const tabs = NAMES.map((name) => byId(`tab-${name}`));
  page.openTab = (name) => {
    tabs.forEach((tab, k) => {
      const on = NAMES[k] === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      byId(`panel-${NAMES[k]}`).hidden = !on;
    });
    page.tab = name;
    for (const pane of page.far) pane.show(page);
  };
  tabs.forEach((tab, k) => {
    tab.addEventListener("click", () => page.openTab(NAMES[k]));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const next = (k + step + NAMES.length) % NAMES.length;
      page.openTab(NAMES[next]);
      tabs[next].focus();
    });
  });
}
