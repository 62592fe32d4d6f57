// The sentences of the page's language, written by the server into one inert JSON block.
const block = document.getElementById("u-words");
const all = block ? JSON.parse(block.textContent) : {};

/** A sentence by name, its {holes} filled. An unknown name comes back as it is. */
export function say(name, holes = {}) {
  return (all[name] ?? name).replace(/\{(\w+)\}/g, (hole, key) => holes[key] ?? hole);
}
