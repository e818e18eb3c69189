/** The words the page speaks with the server: one function a request, no state, no retry. */

/** @import {Answer, Entry} from "./outbox.js" */

const TIMEOUT = 15000;

/**
 * @param {Object} options
 * @param {string} options.project the project's address in the API, without a slash at its end
 * @param {number} options.set
 * @param {() => string} options.token the CSRF token of the moment
 * @param {typeof fetch} [options.fetch]
 */
export function connect({ project, set, token, fetch: ask = (...args) => fetch(...args) }) {
  const here = `${project}/sets/${set}`;

  /**
   * The answer to a request; rejects when none came.
   * @param {string} method
   * @param {string} address
   * @param {any} [body]
   * @param {Object<string, string>} [headers]
   * @returns {Promise<Answer>}
   */
  async function request(method, address, body, headers = {}) {
    const response = await ask(address, {
      method, credentials: "same-origin",
      redirect: "manual",   // a redirect would be to the sign-in page, whose 200 is no acknowledgement
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...body !== undefined && { "Content-Type": "application/json" }, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (response.type === "opaqueredirect") return { status: 401, body: null };
    const json = response.headers.get("Content-Type")?.includes("json");
    return { status: response.status, body: json ? await response.json() : null };
  }

  return {
    /**
     * Sends an entry of the outbox.
     * @param {Entry} entry
     */
    async send(entry) {
      if (entry.layer === "holders") return holderMade(await request("POST", `${project}/holders/`, entry.body));
      if (entry.layer === "document-labels") return request("PUT", `${here}/document-labels/`, entry.body);
      const address = `${here}/${entry.layer}/${entry.id}/${entry.restore && entry.method === "PUT" ? "?restore=1" : ""}`;
      return request(entry.method, address, entry.method === "PUT" ? entry.body : undefined, conditionOf(entry));
    },
    /** @returns {Promise<Answer>} whose body is an AnnotationSet */
    read: () => request("GET", `${here}/`),
    /** @returns {Promise<{version: number, text: string}|undefined>} the guideline as it was in that version */
    async guideline(/** @type {number} */ version) {
      const { body } = await request("GET", `${project}/guidelines/?page_size=500`);
      return body.results.find((/** @type {any} */ one) => one.version === version);
    },
    submit: () => request("PUT", `${here}/submission/`),
    reopen: () => request("DELETE", `${here}/submission/`),
  };
}

/**
 * Create only, or replace only the version that was seen.
 * @param {Entry} entry
 * @returns {Object<string, string>}
 */
function conditionOf({ method, base, restore }) {
  if (base !== null) return { "If-Match": `"${base}"` };
  return method === "PUT" && !restore ? { "If-None-Match": "*" } : {};
}

/**
 * A holder that cannot be made is a matter of that holder; it must not stop what else waits.
 * @param {Answer} answer
 */
const holderMade = (answer) => ([403, 409].includes(answer.status) ? { ...answer, status: 400 } : answer);

/**
 * The CSRF token: the cookie's where it can be read (it changes when somebody signs in in another tab), else the page's.
 * @param {Document} page
 * @param {string} cookie the cookie's name
 */
export function csrfToken(page, cookie) {
  const cookies = new Map(page.cookie.split("; ").map((pair) => /** @type {[string, string]} */ (pair.split(/=(.*)/s, 2))));
  return cookies.get(cookie) ?? page.querySelector("meta[name=csrf-token]")?.getAttribute("content") ?? "";
}
