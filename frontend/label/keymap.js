/** A person's own keys: which may be changed, to what, and what of it still holds when the scheme has changed. */

/** @import {Command} from "./commands.js" */

/** Keys that move, leave and type, and those of the browser: nobody takes them for anything else. */
const RESERVED = /^(?:\w+\+)*(?:enter|escape|tab|backspace|delete|arrow\w+|page\w+|home|end|f\d+|shift|control|alt|altgraph|meta|capslock|dead|process|unidentified| )$|^ctrl\+(?:shift\+)?(?:[acfiklnprtvwx]|\d)$/;

/** @param {Command} command */
export const isFixed = ({ usual, keys, anywhere }) => Boolean(anywhere) || (usual ?? keys).some((key) => RESERVED.test(key));

/**
 * Why a key cannot be a command's, or "".
 * @param {Command[]} commands
 * @param {Command} command
 * @param {string} key
 */
export function refusal(commands, command, key) {
  if (isFixed(command)) return "This key stays as it is.";
  if (!key || RESERVED.test(key)) return "This key is reserved: it moves, types or belongs to the browser.";
  const other = commands.find((one) => one !== command && one.keys.includes(key));
  return other ? `This key is taken: ${other.title}.` : "";
}

/**
 * The commands with a person's keys. What cannot be (any more) is left out, and its command has its usual keys, if they are free.
 * @param {Command[]} commands
 * @param {unknown} saved by the commands' names
 * @returns {Command[]}
 */
export function rekeyed(commands, saved) {
  const wanted = new Map(saved && typeof saved === "object" ? Object.entries(saved) : []);
  const made = commands.map((command) => {
    const usual = command.usual ?? command.keys;
    return { ...command, usual, keys: wanted.has(command.name) && !isFixed(command) ? [] : usual };
  });
  for (const command of made) {
    const key = wanted.get(command.name);
    if (typeof key === "string" && !refusal(made, command, key)) command.keys = [key];
  }
  for (const command of made) if (!command.keys.length) command.keys = command.usual.filter((key) => !made.some((one) => one.keys.includes(key)));
  return made;
}
