// Copies a citation, and says so. Without it the text stands there to be selected.

const status = document.getElementById("copied");

function selected(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  status.textContent = "";
  try {
    await navigator.clipboard.writeText(source.textContent);
    status.textContent = button.dataset.done;
  } catch { // without https there is no clipboard: what is selected is one key away
    source.closest("details").open = true;
    selected(source);
    status.textContent = button.dataset.selected;
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
