/**
 * The end of the script that a page loads: defines <rinvio-search>, and puts one beside the script
 * where the page could not hold the element itself and says by data-lang, data-theme ... what for.
 */

function define() {
  if (!customElements.get("rinvio-search")) customElements.define("rinvio-search", RinvioSearch);
}

function mountBeside(script) {
  const said = ATTRIBUTES.filter((name) => name in script.dataset);
  if (!said.length || script.nextElementSibling?.localName === "rinvio-search") return;
  if (!document.body?.contains(script)) {
    tellWebMaster("the script stands in the head; move it to where the search is wanted.");
    return;
  }
  const search = document.createElement("rinvio-search");
  for (const name of said) search.setAttribute(name, script.dataset[name]);
  if (!said.includes("endpoint")) search.endpoint = RinvioSearch.service; // of this very script
  script.after(search);
}

const script = document.currentScript; // only while the script runs, and never in a module
RinvioSearch.service = script?.src.match(/^(.*?\/)widget\/[^?#]*/)?.[1] ?? "";
define();
if (script) mountBeside(script);
