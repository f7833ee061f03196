// The docs pane: shows one page at a time and remembers the way back.
import { byId, element } from '../element.js';
import { lasting } from '../storage.js';
import { overviewPage, resultsPage, typePage } from './pages.js';
import { searchSchema } from './search.js';

const WIDE = window.matchMedia('(min-width: 68rem)');

/** `reload()` asks the server for its schema again. */
export function createDocs({ reload }) {
  const pane = byId('docs');
  const page = byId('docs-page');
  const search = byId('docs-search');
  const trail = [];
  let schema;
  let problem = '';

  function isOpen() {
    return byId('workspace').classList.contains('with-docs');
  }
  function setOpen(open) {
    byId('workspace').classList.toggle('with-docs', open);
    byId('split-docs').hidden = !open;
    pane.hidden = !open;
    byId('toggle-docs').setAttribute('aria-expanded', String(open));
  }
  function chooseOpen(open) {
    lasting.write('docs', open);
    setOpen(open);
    if (open) pane.scrollIntoView({ block: 'nearest' });
  }

  function content() {
    const text = search.value.trim();
    const type = schema?.getType(trail.at(-1)?.type);
    if (!schema && !problem) return [element('p', { class: 'hint' }, 'Loading the schema …')];
    if (!schema) {
      return [
        element('p', {}, element('b', {}, 'There are no docs to show.'), ' ', problem),
        element('p', {}, 'Queries can be written and run all the same.'),
        element('button', { type: 'button', onclick: reload }, 'Try again'),
      ];
    }
    if (text) return resultsPage(text, searchSchema(schema, text), open);
    return type ? typePage(schema, type, open) : overviewPage(schema, open);
  }
  function draw() {
    page.replaceChildren(...content());
    page.scrollTop = 0;
    byId('docs-back').disabled = trail.length === 0 && !search.value;
    search.disabled = !schema;
  }
  function focusPlace(field) {
    const place = field ? byId(`docs-field-${field}`) : null;
    place?.classList.add('found');
    (place ?? page.querySelector('.docs-title'))?.focus({ preventScroll: true });
    // Only the pane scrolls to the place; the page stays where it is on wide screens.
    (place ?? page.querySelector('.docs-title'))?.scrollIntoView({ block: 'nearest' });
  }

  function open(type, field) {
    search.value = '';
    if (trail.at(-1)?.type !== type) trail.push({ type });
    trail.at(-1).field = field;
    draw();
    focusPlace(field);
  }
  function back() {
    if (search.value) search.value = '';
    else trail.pop();
    draw();
    focusPlace(trail.at(-1)?.field);
  }

  search.addEventListener('input', draw);
  byId('docs-back').addEventListener('click', back);
  byId('toggle-docs').addEventListener('click', () => chooseOpen(!isOpen()));
  setOpen(WIDE.matches && lasting.read('docs', true));
  draw();

  return {
    setSchema(loaded, why) {
      schema = loaded;
      problem = why ?? '';
      draw();
    },
    /** Opens the pane at a type, and at one of its fields when given. */
    open(type, field) {
      if (!isOpen()) chooseOpen(true);
      open(type, field);
    },
    focusSearch() {
      if (!isOpen()) chooseOpen(true);
      search.focus();
      search.select();
    },
  };
}
