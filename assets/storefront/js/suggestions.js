// Suggestions below the search field for those who type: an editable combobox with a list
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Everything it remembers is in the page.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { announce } from './announcer.js';

const PAUSE = 150;
const COMBOBOX = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', 'aria-controls': 'suggestions' };
// From the option at `at`, or the field where that is -1.
const MOVES = {
  ArrowDown: (at, last) => (at < last ? at + 1 : -1),
  ArrowUp: (at, last) => (at < 0 ? last : at - 1),
  Home: (at) => (at < 0 ? undefined : 0),
  End: (at, last) => (at < 0 ? undefined : last),
};

let pending;
let request;

const field = () => document.querySelector('[data-suggestions]');
const list = () => document.getElementById('suggestions');
const isOpen = () => !list().hidden;
const options = () => [...list().querySelectorAll('[role=option]')];
const isActive = (option) => option.ariaSelected === 'true';

// Scripts are what makes it a combobox; without them it is a plain field.
function prepare() {
  close();
  Object.entries(COMBOBOX).forEach(([name, value]) => field()?.setAttribute(name, value));
}

function close() {
  clearTimeout(pending);
  request?.abort();
  if (!field()) return;
  activate();
  list().hidden = true;
  field().ariaExpanded = 'false';
}

async function suggest(input) {
  clearTimeout(pending);
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  try {
    const response = await fetch(`${input.dataset.suggestions}?${new URLSearchParams({ q: input.value })}`, { signal });
    const text = await response.text();
    if (response.ok) open(input, text);
    else close();
  } catch {
    // What was asked before is of no interest any more, and without suggestions the field is still a field.
    if (!signal.aborted) close();
  }
}

function open(input, text) {
  htmx.swap({ text, target: list(), sourceElement: input, swap: 'outerHTML' });
  activate();
  input.ariaExpanded = 'true';
  announce(list().dataset.said);
}

function activate(option) {
  options().forEach((other) => {
    other.ariaSelected = String(other === option);
  });
  option?.scrollIntoView({ block: 'nearest' });
  if (option) field().setAttribute('aria-activedescendant', option.id);
  else field().removeAttribute('aria-activedescendant');
}

const KEYS = {
  Enter() {
    const option = isOpen() && options().find(isActive);
    option?.click?.();
    return Boolean(option);
  },
  Escape(input) {
    if (isOpen()) close();
    else clear(input);
    return true;
  },
};

function clear(input) {
  input.value = '';
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

function move(input, step) {
  if (!isOpen()) {
    if (input.value.trim()) suggest(input);
    return Boolean(input.value.trim());
  }
  const all = options();
  const to = step(all.findIndex(isActive), all.length - 1);
  if (to !== undefined) activate(all[to]);
  return to !== undefined;
}

document.addEventListener('keydown', (event) => {
  const { key, target, isComposing, ctrlKey, metaKey, shiftKey } = event;
  if (target !== field() || isComposing || ctrlKey || metaKey || shiftKey) return;
  const handled = MOVES[key] ? move(target, MOVES[key]) : KEYS[key]?.(target);
  if (handled) event.preventDefault();
});

document.addEventListener('input', ({ target }) => {
  if (target !== field()) return;
  clearTimeout(pending);
  if (!target.value.trim()) {
    close();
    return;
  }
  activate();
  pending = setTimeout(() => suggest(target), PAUSE);
});

// A press on an option leaves the focus in the field.
document.addEventListener('mousedown', (event) => {
  if (list()?.contains(event.target)) event.preventDefault();
});

document.addEventListener('click', ({ target }) => {
  if (list()?.contains(target)) close();
});

for (const leaving of ['focusout', 'submit']) {
  document.addEventListener(leaving, ({ target }) => {
    if (field() && (target === field() || target === field().form)) close();
  });
}

prepare();
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.target === document.body) prepare();
});
