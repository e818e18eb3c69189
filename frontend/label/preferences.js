/** What a person likes, kept in this browser. A browser that keeps nothing takes the usual. */

/** @import {Page} from "./page.js" */

/**
 * @param {string} name
 * @returns {string|null}
 */
export function preferred(name) {
  try {
    return localStorage.getItem(`annotator-${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string|null} value null: the usual
 */
export function prefer(name, value) {
  try {
    if (value === null) localStorage.removeItem(`annotator-${name}`);
    else localStorage.setItem(`annotator-${name}`, value);
  } catch { /* it holds for this visit */ }
}

/** Whether single letters are commands; some people (and their dictation software) must be able to switch that off. */
export const lettersOn = () => preferred("single-keys") !== "off";

/** Whether what the mouse selects goes to the edges of words. */
export const snaps = () => preferred("snap") === "on";

/** @param {Page} page */
export function toggleSnap(page) {
  prefer("snap", snaps() ? null : "on");
  page.announce(snaps() ? "The mouse selects whole words." : "The mouse selects characters.");
}
