/** The scheme as the page uses it: labels by kind and slug, their letters, patterns and shapes. */

/** @import {Holder, Label, Scheme} from "./types.js" */
import { element } from "./dom.js";
import { preferred } from "./preferences.js";

/** Keys of commands; a label cannot take one. */
export const RESERVED = new Set([..."g?hrtuxenfmljkz[],!/*", " ", "arrowleft", "arrowright", "arrowup", "arrowdown", "enter", "escape", "delete", "backspace"]);

/** @param {Scheme} scheme */
export function labelsOf(scheme) {
  const of = (/** @type {string} */ kind) => scheme.labels.filter((label) => label.kind === kind);
  const [stances, roles, relations, document_] = ["stance", "role", "relation", "document"].map(of);
  const letters = lettersOf(stances);
  /** @type {Map<string, Label[]>} */
  const groups = new Map();
  for (const label of document_) groups.set(label.group, [...groups.get(label.group) ?? [], label]);
  const named = (/** @type {Label[]} */ labels, /** @type {string|null} */ slug) => labels.find((label) => label.slug === slug)?.name ?? slug;
  return {
    stances, roles, relations, groups,
    /** @param {string|null} slug */
    stanceIndex: (slug) => stances.findIndex((label) => label.slug === slug),
    /** @param {string|null} slug */
    stanceName: (slug) => named(stances, slug),
    /** @param {string|null} slug */
    roleName: (slug) => named(roles, slug),
    /** @param {string|null} slug */
    relationName: (slug) => named(relations, slug) ?? "",
    /** @param {string|null} slug */
    targetName: (slug) => scheme.targets.find((target) => target.slug === slug)?.name ?? slug,
    /**
     * The stance's letter in its hue and pattern; says its name to those who do not see it.
     * @param {string|null} slug
     */
    stanceChip(slug) {
      const index = stances.findIndex((label) => label.slug === slug);
      if (index < 0) return null;
      return element("span", { className: "chip stance hued", dataset: { pattern: index % 6, stance: index }, title: stances[index].name },
        element("span", { "aria-hidden": "true" }, letters[index]), element("span", { className: "visually-hidden" }, stances[index].name));
    },
    /** @param {string|null} slug */
    roleChip(slug) {
      if (!slug) return null;
      return element("span", { className: "chip role", dataset: { shape: Math.max(0, roles.findIndex((label) => label.slug === slug)) % 6 } }, named(roles, slug));
    },
  };
}

/** @typedef {ReturnType<typeof labelsOf>} Labels */

/**
 * One letter a stance: its name's first that no other has, else its number.
 * @param {Label[]} stances
 */
export function lettersOf(stances) {
  const taken = new Set();
  return stances.map(({ name }, index) => {
    const letter = [...name.toUpperCase()].find((c) => /\p{L}/u.test(c) && !taken.has(c)) ?? String(index + 1);
    taken.add(letter);
    return letter;
  });
}

/**
 * The key that gives a label: its own unless a command or another label has it, else for stances its number.
 * @param {Label[]} labels stances, roles and relations in the scheme's order
 * @returns {Map<Label, string>}
 */
export function keysOf(labels) {
  const keys = new Map();
  const taken = new Set(RESERVED);
  const give = (/** @type {Label} */ label, /** @type {string} */ key) => {
    if (!key || taken.has(key)) return;
    taken.add(key);
    keys.set(label, key);
  };
  for (const label of labels) give(label, (label.key ?? "").toLowerCase());
  let number = 1;
  for (const label of labels) if (label.kind === "stance" && !keys.has(label)) {
    while (taken.has(String(number))) number += 1;
    if (number <= 9) give(label, String(number));
  }
  return keys;
}

/** Hues that readers of every colour vision tell apart, equal in lightness and of no party; for schemes whose own are not. */
const SAFE = ["#137875", "#84622a", "#745c90", "#4d6b8f", "#8a5566", "#66703a"];
/** @type {CSSStyleSheet|undefined} */
let sheet;

/**
 * Fills the one rule sheet that holds the stances' hues: as chips, and as lines and tints that are legible on both papers.
 * @param {Label[]} stances
 */
export function showHues(stances) {
  const palette = preferred("palette");
  const strong = palette === "contrast";
  document.documentElement.toggleAttribute("data-strong", strong);
  if (!sheet) document.adoptedStyleSheets.push(sheet = new CSSStyleSheet());
  const names = [...stances.map(({ color }, index) => [String(index), palette === "safe" ? SAFE[index % SAFE.length] : safeColor(color)]), ["none", "var(--hue-none)"]];
  const hue = (/** @type {string} */ from, /** @type {string} */ light, alpha = "1") => `oklch(from ${from} ${light} c h / calc(${alpha} * var(--live, 1)))`;
  sheet.replaceSync(`.seg { ${names.map(([name, from]) => strong ? `--line-${name}: ${hue("var(--ink)", "l")}; --tint-${name}: transparent;` : `
    --line-${name}: light-dark(${hue(from, ".56")}, ${hue(from, ".72")});
    --tint-${name}: light-dark(${hue(from, ".62", name === "none" ? ".08" : ".15")}, ${hue(from, ".75", name === "none" ? ".09" : ".18")});`).join("")} }
    ${names.map(([name, from]) => `.chip[data-stance="${name}"] { --hue: ${strong ? "var(--ink)" : from}; }`).join("")}`);
}

const safeColor = (/** @type {string} */ color) => (/^#[0-9a-f]{3,8}$/i.test(color) ? color : "var(--hue-none)");

/**
 * The holder's name, and if wished who reports it.
 * @param {Holder[]} holders
 * @param {string|null} slug
 * @param {boolean} [reported]
 */
export function holderName(holders, slug, reported = false) {
  const found = holders.find((holder) => holder.slug === slug);
  const parent = reported && found?.parent && holders.find((holder) => holder.slug === found.parent);
  return found ? parent ? `${found.name} (reported by ${parent.name})` : found.name : slug ?? "";
}

/**
 * A slug for a name: lower case, letters and digits of any script, joined by hyphens.
 * @param {string} name
 * @param {Set<string>} taken
 */
export function slugOf(name, taken) {
  const base = name.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "holder";
  for (let number = 1; ; number++) {
    const slug = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}

const CAPS = /** @type {Object<string, string>} */ ({
  arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", enter: "↵", escape: "Esc", delete: "Del", backspace: "⌫", " ": "Space",
});

/**
 * A key as it stands on a cap.
 * @param {string} key
 */
export function capOf(key) {
  const parts = key === "+" ? [key] : key.split("+");
  return parts.map((part) => CAPS[part] ?? (part.length > 1 ? part[0].toUpperCase() + part.slice(1) : part)).join(" ");
}

