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

/**
 * The key to press for a command's key: where single letters and signs are switched off, with Alt.
 * @param {string} key
 * @param {boolean} [letters]
 */
export const pressed = (key, letters = lettersOn()) => (isTyped(key) && !letters ? `alt+${key}` : key);

/**
 * Whether a key is one that types something: a letter, also a capital one, a digit or a sign.
 * @param {string} key
 */
export const isTyped = (key) => /^(?:shift\+)?[^ ]$/u.test(key);

/** Whether what the mouse selects goes to the edges of words. */
export const snaps = () => preferred("snap") === "on";

/** @param {Page} page */
export function toggleSnap(page) {
  prefer("snap", snaps() ? null : "on");
  page.tip = null;
  page.show(page.state);
  page.announce(snaps() ? "The mouse selects whole words." : "The mouse selects characters.");
}
