/**
 * The shapes that travel between the server and the page. Every offset here is a code point.
 *
 * @typedef {[number, number]} Fragment half-open
 * @typedef {{id: string, version?: number, fragments: Fragment[], stance: string|null, role: string|null, holder: string|null,
 *   target: string|null, explicit: boolean|null, note: string, confidence: number|null}} Span
 * @typedef {{span: string}|{relation: string}} End
 * @typedef {{id: string, version?: number, label: string, from: {span: string}, to: End, note: string, confidence: number|null}} Relation
 * @typedef {{id: string, version?: number, author: string, text: string, span: string|null, reply_to: string|null, created_at?: string}} Comment
 * @typedef {{kind: "stance"|"role"|"relation"|"document", group: string, slug: string, name: string, definition: string,
 *   color: string, key: string}} Label
 * @typedef {{slug: string, name: string, parent: string|null}} Holder
 * @typedef {{slug: string, name: string}} Target
 * @typedef {{labels: Label[], targets: Target[], holders: Holder[], guideline: {version: number, text: string, html: string}|null}} Scheme
 * @typedef {{id: number, version: number, state: string, kind: string, round: number, annotator: string, editable: boolean,
 *   submitted_at: string|null, active_seconds: number, project: {slug: string, name: string},
 *   document: {id: number, external_id: string, title: string, text: string, language: string, meta: Object<string, any>},
 *   scheme: Scheme, spans: Span[], relations: Relation[], document_labels: Object<string, string|null>, comments: Comment[]}} AnnotationSet
 *
 * @typedef {"spans"|"relations"} Layer what can be in hand
 * @typedef {Layer|"comments"} Kept what the page keeps by id
 * @typedef {{anchor: number, focus: number}} Selected where the selection began and where it is now
 * @typedef {{layer: Layer, id: string}} Hand what the keys act on
 */
export {};
