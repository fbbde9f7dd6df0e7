/**
 * <rinvio-search>: a form that asks a Rinvio service and shows the sentence that answers, with its
 * place, or that the documents do not say. Is served after showing.js, in one script.
 */

const ATTRIBUTES = ["endpoint", "lang", "placeholder", "limit", "theme"];
const LIMIT = 5; // passages, unless the page says otherwise
const MOST = 20;
const LONGEST = 1000; // characters of a question: the service's bound
const PATIENCE = 15_000; // ms until an answer is given up; by default the service gives up sooner
const EDITING = /^(Arrow|Home|End|Page|Backspace|Delete|Enter)/; // keys of the field
const PAUSE = 100; // ms between emptying and filling the live region: at once, it may stay silent

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class RinvioSearch extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  /** The address of the service that sent this script; an `endpoint` wins over it. */
  static service = "";

  #label = element("label", { part: "label", for: "question" });
  #input = element("input", {
    part: "input",
    id: "question",
    type: "search",
    maxlength: LONGEST,
    autocomplete: "off",
    dir: "auto",
    enterkeyhint: "search",
  });
  #button = element("button", { part: "button", type: "submit" });
  #status = element("p", { part: "status", role: "status" });
  #result = element("div", { part: "result" });
  #frame = element(
    "div",
    { part: "frame" },
    element(
      "form",
      { part: "form", role: "search" },
      this.#label,
      element("div", { part: "row" }, this.#input, this.#button),
    ),
    this.#status,
    this.#result,
  );

  #language = ""; // of what is shown now
  #shown = ["idle"]; // the state, and what #show was given with it
  #request = null; // the AbortController of the question under way
  #announcement = 0; // the timer of what is about to be said
  #around = new MutationObserver(() => this.#write()); // of the page's language

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#frame);
    root.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    // Where a sandbox allows no forms, browsers tell nobody that one is sent.
    this.#button.addEventListener("click", (event) => {
      event.preventDefault();
      this.ask();
    });
    this.#result.addEventListener("click", (event) => this.#onClick(event));
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    for (const type of ["keydown", "keypress", "keyup"]) {
      this.#frame.addEventListener(type, keepFromPage);
    }
  }

  connectedCallback() {
    for (const name of ATTRIBUTES) this.#takeUp(name);
    this.#write();
    this.#around.observe(document.documentElement, { attributeFilter: ["lang"] });
  }

  /** Taken out, a question is forgotten; moved to another place, it is still on its way. */
  disconnectedCallback() {
    this.#around.disconnect();
    queueMicrotask(() => {
      if (this.isConnected || !this.#request) return;
      this.#stop();
      this.#show("idle");
    });
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#write();
  }

  /** The address of the service. */
  get endpoint() {
    return this.getAttribute("endpoint") || RinvioSearch.service;
  }

  set endpoint(value) {
    this.setAttribute("endpoint", value);
  }

  get placeholder() {
    return this.getAttribute("placeholder") ?? "";
  }

  set placeholder(value) {
    this.setAttribute("placeholder", value);
  }

  /** The most passages to show, 1 to MOST. */
  get limit() {
    const limit = Math.trunc(this.getAttribute("limit"));
    return limit >= 1 ? Math.min(limit, MOST) : LIMIT;
  }

  set limit(value) {
    this.setAttribute("limit", value);
  }

  /** "light", "dark", or "auto": as the reader's system is. */
  get theme() {
    const theme = this.getAttribute("theme");
    return ["light", "dark"].includes(theme) ? theme : "auto";
  }

  set theme(value) {
    this.setAttribute("theme", value);
  }

  /**
   * Ask `question`, by default what stands in the field, and show what comes back.
   * Resolves to the service's answer, or to null: it failed, or another question took its place.
   */
  async ask(question = this.#input.value) {
    this.#stop();
    this.#input.value = String(question).replace(/\s+/g, " "); // the field fuses lines
    const asked = this.#input.value.trim();
    if (!asked) {
      this.#show("empty");
      return null;
    }
    const request = (this.#request = new AbortController());
    const late = setTimeout(() => request.abort(new Failure("timeout")), PATIENCE);
    this.#show("loading");
    this.#emit("ask", { question: asked });
    try {
      const answer = await this.#fetch(asked, request.signal);
      if (this.#request !== request) return null;
      this.#show(answer.answered ? "answer" : "refusal", answer);
      this.#request = null;
      this.#emit(answer.answered ? "answer" : "refused", { question: asked, answer });
      return answer;
    } catch (error) {
      if (this.#request === request) this.#fail(asked, error);
      return null;
    } finally {
      clearTimeout(late);
    }
  }

  /** Forget the question and what was shown. */
  clear() {
    this.#stop();
    this.#input.value = "";
    this.#show("idle");
  }

  /** A property that was set before the element was defined hides the accessor: hand it over. */
  #takeUp(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  #stop() {
    this.#request?.abort(); // in silence: #request is another one when it ends
    this.#request = null;
  }

  #emit(name, detail, cancelable = false) {
    const event = new CustomEvent(`rinvio:${name}`, {
      bubbles: true,
      composed: true,
      cancelable,
      detail,
    });
    return this.dispatchEvent(event);
  }

  #onKey(event) {
    const composing = event.isComposing || event.keyCode === 229; // 229: Safari, just afterwards
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Enter" && !composing) this.ask();
    if (composing || event.key !== "Escape") return;
    if (this.#shown[0] === "idle" && !this.#input.value) return;
    event.preventDefault(); // a dialog around it stays open
    event.stopPropagation();
    this.clear();
  }

  #onClick(event) {
    const link = event.target.closest("a");
    const citation = citations.get(link);
    if (!citation) return;
    const gone = this.#emit("cite", { citation, url: link.href }, true);
    if (!gone) event.preventDefault();
  }

  /** The answer as the service gives it; throws a Failure. */
  async #fetch(question, signal) {
    const service = this.#service;
    if (!service) {
      tellWebMaster("endpoint has to be the http(s) address of the service.");
      throw new Failure("failed");
    }
    let response;
    try {
      response = await fetch(new URL("v1/ask", service), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ question, k: this.limit }),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal,
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : new Failure(await this.#whyNot(service, signal));
    }
    if (!response.ok) throw Failure.of(response);
    return response.json();
  }

  /** The address of the service with a slash at its end, so that paths can follow. */
  get #service() {
    return this.endpoint && webAddress(this.endpoint.replace(/\/*$/, "/"), document.baseURI);
  }

  /**
   * A browser does not say why it got nothing: see whether the service lives, which any page may
   * read, and whether this one may read what only allowed origins may.
   */
  async #whyNot(service, signal) {
    if (!navigator.onLine) return "offline";
    const read = (path) =>
      fetch(new URL(path, service), { credentials: "omit", cache: "no-store", signal }).catch(
        () => null,
      );
    const alive = await read("widget/alive");
    const here = alive?.ok && !alive.redirected;
    const allowed = here && (await read("healthz"));
    if (signal.aborted) return "timeout";
    if (allowed) return "unreachable"; // it was, a moment ago
    if (!here) {
      tellWebMaster(
        alive?.redirected
          ? `${service} has moved to ${new URL("..", alive.url)}: write that in the tag.`
          : `${service} does not answer. Is it running, at this very address, and does the` +
              ` Content-Security-Policy of this page allow it (connect-src ${service.origin})?`,
      );
      return "unreachable";
    }
    tellWebMaster(
      self.origin === "null"
        ? "This page has no origin that a service could allow: it is a file, or in a sandbox" +
            " without allow-same-origin."
        : `${service.origin} is reachable, but does not let this page read its answers. Ask its` +
            ` operator to add ${self.origin} to the setting cors_origins` +
            ` (RINVIO_CORS_ORIGINS=${self.origin}), and to start it again.`,
    );
    return "origin_not_allowed";
  }

  #fail(question, error) {
    this.#request = null;
    const failure = error instanceof Failure ? error : new Failure("failed");
    if (failure !== error) console.error(error);
    this.#show("error", failure);
    const { code, status, retryAfter } = failure;
    const message = sentence("error", failure, this.#view);
    this.#emit("error", { question, code, status, retryAfter, message });
  }

  /** Write everything in the language of the element, or of what is around it. */
  #write() {
    const wanted = languageAround(this);
    const language = wanted in STRINGS ? wanted : "en";
    this.#input.placeholder = this.placeholder;
    if (language === this.#language) return;
    this.#language = this.#frame.lang = language;
    this.#label.textContent = STRINGS[language].label;
    this.#button.textContent = STRINGS[language].ask;
    this.#show(...this.#shown);
  }

  /** What decides how a state looks, besides the state. */
  get #view() {
    const language = this.#language || "en"; // none before the element is in a page
    return { language, words: STRINGS[language], service: this.#service };
  }

  #show(state, detail) {
    const [parts, words] = [result(state, detail, this.#view), sentence(state, detail, this.#view)];
    this.#shown = [state, detail]; // only now: what the service sent may not be what it should be
    this.#frame.dataset.state = state;
    this.#result.replaceChildren(...parts);
    this.#say(words);
  }

  #say(words) {
    clearTimeout(this.#announcement);
    this.#status.textContent = "";
    this.#announcement = setTimeout(() => {
      this.#status.textContent = words;
    }, PAUSE);
  }
}

/** A question that got no answer, and why. */
class Failure extends Error {
  constructor(code, status = null, retryAfter = null) {
    super(code);
    Object.assign(this, { code, status, retryAfter });
  }

  static of({ status, headers }) {
    const wait = Number.parseInt(headers.get("Retry-After"), 10) || null; // seconds
    if (status === 429) return new Failure("rate_limited", status, wait);
    if ([502, 503, 504].includes(status)) return new Failure("busy", status, wait);
    if ([413, 422].includes(status)) return new Failure("question_refused", status);
    return new Failure("failed", status);
  }
}

/**
 * To the page, the whole element is no field, button or link: its shortcuts of single keys, and its
 * own button for Enter, would take from these what is theirs.
 */
function keepFromPage(event) {
  const { key, target } = event;
  const typed = key?.length === 1 && !event.metaKey && (!event.ctrlKey || event.altKey);
  const inField = target.localName === "input" && (typed || EDITING.test(key));
  if (inField || key === " " || key === "Enter") event.stopPropagation();
}

/** The language of an element, out of shadow roots as well: two small letters, or none. */
function languageAround(element) {
  for (let node = element; node; node = node.parentNode ?? node.host) {
    // No property: that of a form may be a control of its own, named "lang".
    const said = node.getAttribute?.("lang") || node.getAttribute?.("xml:lang");
    if (said) return said.slice(0, 2).toLowerCase();
  }
  return "";
}

function tellWebMaster(words) {
  console.error(`rinvio-search: ${words}`);
}
