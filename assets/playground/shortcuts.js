// The keyboard shortcuts: those that work on the whole page, and the dialog that lists all.
import { byId, element } from './element.js';

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
const MOD = APPLE ? '⌘' : 'Ctrl';

/** How the keys to run a query are written on this machine. */
export const RUN_KEYS = APPLE ? '⌘ ↵' : 'Ctrl ↵';

const LIST = [
  [[MOD, 'Enter'], 'Run the query; of several operations, the one with the cursor'],
  [['Esc'], 'Cancel a running request'],
  [['Shift', 'Alt', 'F'], 'Prettify the query and the variables'],
  [['Ctrl', 'Space'], 'Complete; typing does it too'],
  [['F1'], 'Show the field or type at the cursor in the docs'],
  [[MOD, 'click'], 'Show what was clicked in the docs'],
  [[MOD, 'K'], 'Search the docs'],
  [[MOD, 'F'], 'Find in the editor'],
  [[MOD, '/'], 'Comment lines in or out'],
  [['←', '→'], 'On a tab or a border: move'],
  [['Delete'], 'On a tab of your own: close it'],
];

function fillDialog() {
  const rows = LIST.flatMap(([keys, what]) => [
    element('dt', {}, keys.map((key) => element('kbd', {}, key))),
    element('dd', {}, what),
  ]);
  byId('shortcut-list').replaceChildren(...rows);
}

/** `actions` has `run`, `cancel`, `prettify` and `searchDocs`. */
export function startShortcuts(actions) {
  fillDialog();
  byId('show-shortcuts').addEventListener('click', () => byId('shortcuts').showModal());
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.querySelector('.dialog-close').addEventListener('click', () => dialog.close());
  }
  document.addEventListener('keydown', (event) => {
    const mod = APPLE ? event.metaKey : event.ctrlKey;
    const action =
      (mod && event.key === 'Enter' && actions.run) ||
      (mod && event.key.toLowerCase() === 'k' && actions.searchDocs) ||
      (event.shiftKey && event.altKey && event.code === 'KeyF' && actions.prettify) ||
      (event.key === 'Escape' && !event.defaultPrevented && actions.cancel);
    if (!action || document.querySelector('dialog[open]')) return;
    if (event.key !== 'Escape') event.preventDefault();
    action();
  });
}
