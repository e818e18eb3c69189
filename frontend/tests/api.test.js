import { describe, expect, it } from "vitest";
import { connect, csrfToken } from "../label/api.js";

function asking(answers = [[200, {}]]) {
  const asked = [];
  const fetch = async (address, options) => {
    asked.push({ address, ...options });
    const [status, body, type = "application/json"] = answers[Math.min(asked.length, answers.length) - 1];
    return status === "redirect" ? { type: "opaqueredirect", status: 0 }
      : { type: "basic", status, headers: new Headers({ "Content-Type": type }), json: async () => body };
  };
  return { asked, api: connect({ project: "/api/v1/projects/p", set: 3, token: () => "t0ken", fetch }) };
}
const entry = (over) => ({ layer: "spans", id: "u", method: "PUT", body: { note: "" }, base: null, restore: false, ...over });

describe("requests", () => {
  it.each([
    [entry(), "/api/v1/projects/p/sets/3/spans/u/", "PUT", { "If-None-Match": "*" }],
    [entry({ base: 4 }), "/api/v1/projects/p/sets/3/spans/u/", "PUT", { "If-Match": '"4"' }],
    [entry({ restore: true }), "/api/v1/projects/p/sets/3/spans/u/?restore=1", "PUT", {}],
    [entry({ method: "DELETE", body: null, base: 2, layer: "relations" }), "/api/v1/projects/p/sets/3/relations/u/", "DELETE", { "If-Match": '"2"' }],
    [entry({ layer: "document-labels", id: "" }), "/api/v1/projects/p/sets/3/document-labels/", "PUT", {}],
    [entry({ layer: "holders", method: "POST" }), "/api/v1/projects/p/holders/", "POST", {}],
  ])("carry the address and the condition of %o", async (sent, address, method, condition) => {
    const { api, asked } = asking();
    await api.send(sent);
    expect([asked[0].address, asked[0].method]).toEqual([address, method]);
    expect(asked[0].headers["X-CSRFToken"]).toBe("t0ken");
    const { "If-Match": match, "If-None-Match": none } = asked[0].headers;
    expect({ ...match && { "If-Match": match }, ...none && { "If-None-Match": none } }).toEqual(condition);
  });

  it("take a redirect for signed out, never for saved", async () => {
    expect(await asking([["redirect"]]).api.send(entry())).toEqual({ status: 401, body: null });
  });

  it("do without a body that is no JSON, as a proxy's error page", async () => {
    expect(await asking([[502, "", "text/html"]]).api.send(entry())).toEqual({ status: 502, body: null });
  });

  it("let a holder that cannot be made hold only itself", async () => {
    expect((await asking([[409, { errors: [] }]]).api.send(entry({ layer: "holders", method: "POST" }))).status).toBe(400);
  });
});

describe("the CSRF token", () => {
  const page = (cookie) => ({ cookie, querySelector: () => ({ getAttribute: () => "of-the-page" }) });
  it("is the cookie's, which is newer, else the page's", () => {
    expect(csrfToken(page("a=1; csrftoken-8000=abc=; b=2"), "csrftoken-8000")).toBe("abc=");
    expect(csrfToken(page("csrftoken-9000=other"), "csrftoken-8000")).toBe("of-the-page");
  });
});
