/** What <rinvio-search> shows: sentences and elements for each state. Text is only ever text. */

/** An element with these attributes (those that are not null) and children (likewise). */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** `text` as the address of a web page, else null: nothing else is ever linked. */
function webAddress(text, base) {
  try {
    const url = new URL(text, base);
    return ["http:", "https:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Where links open: in a frame nothing of the service is ever shown. */
const TARGET = window === window.top ? null : "_top";

/** Which citation a link leads to. */
const citations = new WeakMap();

/** What asking again will not mend soon: the page shows another way. */
const LASTING = ["origin_not_allowed", "unreachable", "failed"];

/** The one sentence that is announced in a state, and stands below the form. */
function sentence(state, detail, { words, language }) {
  if (state === "answer") return doubtful(detail) ? words.found_perhaps : words.found;
  if (state === "refusal") return words.refused;
  if (state !== "error") return words[state] ?? "";
  if (detail.code !== "rate_limited") return words[detail.code];
  if (!detail.retryAfter) return words.rate_limited_later;
  return words.rate_limited.replace("{wait}", duration(detail.retryAfter, language));
}

/** A time to wait in its largest full unit, as views/strings.py has it. */
function duration(seconds, language) {
  const [unit, length] =
    [["hour", 3600], ["minute", 60]].find(([, length]) => seconds > length) ?? ["second", 1];
  const long = { style: "unit", unit, unitDisplay: "long" };
  return new Intl.NumberFormat(language, long).format(Math.ceil(seconds / length));
}

/** The elements that stand below that sentence. */
function result(state, detail, view) {
  if (state === "answer") return [answered(detail, view)];
  if (state === "refusal") return [refused(detail, view)];
  if (state === "error" && LASTING.includes(detail.code)) return [elsewhere(view)];
  return [];
}

function answered({ citation, confidence, names_not_found: names, passages }, view) {
  const { words } = view;
  const others = passages.slice(1);
  const more = element(
    "details",
    { part: "more" },
    element("summary", { part: "summary" }, `${words.also} (${others.length})`),
    listed(others, view),
  );
  return element(
    "div",
    { part: "answer", role: "group", "aria-label": words.answer },
    element("p", { part: "confidence" }, words[sureness(confidence)]),
    names?.length ? element("p", { part: "reason" }, named("name_not_found", names, view)) : null,
    quoted(citation, view),
    others.length ? more : null,
  );
}

/** In words: a figure would look more exact than it is. views/strings.py draws the same lines. */
function sureness(confidence) {
  if (confidence >= 0.9) return "confidence_high";
  return confidence >= 0.7 ? "confidence_middle" : "confidence_low";
}

/** Whether what is announced must not sound sure. */
function doubtful({ confidence, names_not_found: names }) {
  return sureness(confidence) === "confidence_low" || names?.length > 0;
}

/** A sentence that may speak of names that no document holds; a later service may have others. */
function named(key, names, { words }) {
  const listed = [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean);
  return (words[key] ?? words.low_confidence).replace("{names}", () => listed.join(words.or));
}

function refused({ reason, names_not_found: names, passages }, view) {
  const { words } = view;
  return element(
    "div",
    { part: "refusal", role: "group", "aria-label": words.refused },
    element("p", { part: "reason" }, named(reason, names, view)),
    passages.length ? element("p", { part: "nearest" }, words.nearest) : null,
    passages.length ? listed(passages, view) : null,
  );
}

function listed(passages, view) {
  const items = passages.map(({ citation }) => element("li", {}, quoted(citation, view)));
  return element("ol", { part: "passages" }, ...items);
}

/** A quote with its source. */
function quoted(citation, view) {
  const { words } = view;
  const { language: lang, title, headings, quote } = citation;
  const page = pageOf(citation, view);
  const section = element("span", { part: "section" }, `${words.section} `);
  const sections = headings.slice(headings[0] === title ? 1 : 0);
  section.append(apart(sections.join(" / "), lang));
  const source = [
    element("cite", { part: "title" }, apart(title, lang)),
    sections.length ? section : null,
    linked("link", page, words.read, citation),
    linked("original", webAddress(citation.original ?? citation.url), words.original, citation),
  ].filter(Boolean);
  return element(
    "figure",
    { part: "citation" },
    element("blockquote", { part: "quote", lang, cite: page }, apart(quote)),
    element(
      "figcaption",
      { part: "source" },
      ...source.flatMap((part, place) => (place ? [" · ", part] : [part])),
    ),
  );
}

/** A document's own words: their direction marks end with them. */
function apart(text, lang) {
  return element("bdi", { lang }, text);
}

function linked(part, url, words, citation) {
  if (!url) return null;
  const link = element("a", { part, href: url, target: TARGET }, words);
  citations.set(link, citation);
  return link;
}

/** The reader's page of a citation, its sentence in view; a path belongs below the service. */
function pageOf({ link }, { service, language }) {
  const page = webAddress(link.replace(/^\/+/, "./"), service);
  if (page?.origin === service.origin) {
    page.searchParams.set("lang", language);
    page.hash ||= "cited";
  }
  return page;
}

/** A link to the service; to one that is not known the page's own, which the element holds. */
function elsewhere({ service, language, words }) {
  if (!service) return element("slot", {});
  const home = new URL(`?lang=${language}`, service);
  return element("a", { part: "fallback", href: home, target: TARGET }, words.elsewhere);
}
