// Back and Forward show pages as they were left: what was loaded, where it was scrolled to, what had the focus. That
// needs no server. The pages are kept in memory only, so that they are gone with the document.
import htmx from 'htmx.org/dist/htmx.esm.js';

const KEPT = 20;
const LEFT = 'data-left';
const FIELD = 'q';
const pages = new Map();

// Where the page that is shown is from: the browser has gone on already when it is left by Back.
let address;
let entry = mark();
// Whether the address is of what is being typed: it follows, in one entry for all of it.
let typing = false;

// htmx answers Back and Forward only for entries that carry its mark; entries that a link inside a page makes, such as
// the one that skips to the content, would otherwise show an old page under a new address.
function mark(id = history.state?.entry ?? `${Date.now()}-${Math.random()}`) {
  address = new URL(location.href);
  history.replaceState({ ...history.state, htmx: true, entry: id }, '', address);
  return id;
}

addEventListener('hashchange', () => {
  entry = mark();
  typing = false;
});

document.addEventListener('htmx:before:history:update', ({ detail }) => {
  const { history: step, sourceElement } = detail;
  // The search that somebody came to stays where Back leads.
  if (sourceElement.id === FIELD && !typing) step.type = 'push';
  // As with any link, what leads to the page that is shown makes no second entry.
  if (step.path === location.pathname + location.search + location.hash) step.type = 'replace';
  if (step.type === 'push') keep(sourceElement);
});

document.addEventListener('htmx:after:history:update', ({ detail }) => {
  entry = mark(detail.history.type === 'push' ? undefined : entry);
  typing = detail.sourceElement.id === FIELD && (typing || detail.history.type === 'push');
});

document.addEventListener('htmx:before:history:restore', (event) => {
  keep(document.activeElement);
  entry = mark();
  typing = false;
  const page = pages.get(entry);
  if (!page) return;
  event.preventDefault();
  show(page);
});

function keep(left) {
  // What belongs to the visitor is asked for anew: it may have changed, or be nobody else's business by now.
  if (document.querySelector('[data-private]')) {
    pages.delete(entry);
    return;
  }
  left?.setAttribute?.(LEFT, '');
  const root = document.documentElement.cloneNode(true);
  left?.removeAttribute?.(LEFT);
  root.querySelectorAll('.htmx-request').forEach((element) => element.classList.remove('htmx-request'));
  root.querySelectorAll('input').forEach((input) => input.setAttribute('value', shown(input)));
  root.querySelectorAll('.more').forEach((menu) => menu.removeAttribute('open'));
  pages.delete(entry);
  pages.set(entry, { root, top: scrollY });
  if (pages.size > KEPT) pages.delete(pages.keys().next().value);
}

// The fields of what the address asks for say what it asks for: whatever was typed since belongs to the page that comes.
function shown({ form, name, value }) {
  const asks = form?.method === 'get' && new URL(form.action).pathname === address.pathname;
  return asks ? address.searchParams.get(name) ?? '' : value;
}

async function show({ root, top }) {
  // The cart and the account are what they are now.
  root.querySelector('#corner').replaceWith(document.getElementById('corner').cloneNode(true));
  const text = root.outerHTML;
  const scroll = () => scrollTo({ top, behavior: 'instant' });
  const { body } = document;
  await htmx.swap({ text, target: body, sourceElement: body, swap: 'outerSync', push: 'false' });
  scroll();
  // The browser has an idea of its own where that was, and comes last.
  await window.navigation?.transition?.finished.catch(() => {});
  scroll();
}

/** The element from which the page that is shown again was left. */
export function takeLeft() {
  const left = document.querySelector(`[${LEFT}]`);
  left?.removeAttribute(LEFT);
  return left;
}
