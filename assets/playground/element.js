// Builds DOM elements: text stays text, so nothing that a server says can become markup.

/** `element('a', { class: 'link', onclick: open }, 'Album')`; attributes that are null or false are left out. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);
