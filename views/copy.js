// Copies what stands beside a button, and says so. Without it the text is there to be selected.

const SHOWN = 6_000; // ms
const status = document.getElementById("copied");
let hiding = 0;

function say(words) {
  clearTimeout(hiding);
  status.textContent = words;
  if (words) hiding = setTimeout(() => say(""), SHOWN);
}

function selected(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

/** Plain text goes with the formatted quote, for editors that take it with its link. */
function write(source) {
  const formatted = source.id === "as-plain" && document.getElementById("as-html");
  if (!formatted || !self.ClipboardItem) return navigator.clipboard.writeText(source.textContent);
  const kinds = { "text/plain": source, "text/html": formatted };
  const parts = Object.entries(kinds).map(([type, { textContent }]) => [
    type,
    new Blob([textContent], { type }),
  ]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  say("");
  try {
    await write(source);
    say(button.dataset.done);
  } catch { // without https there is no clipboard: what is selected is one key away
    for (let part = source; part; part = part.parentElement?.closest("details")) part.open = true;
    selected(source);
    say(button.dataset.selected);
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

// What the message covers may be where the focus goes next.
document.addEventListener("focusin", () => say(""));
