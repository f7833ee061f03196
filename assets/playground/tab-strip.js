// Shows the tabs and what belongs to the active one: its description, its name, reset and close.
import { inline } from './docs/prose.js';
import { byId, element } from './element.js';
import { markSelected, watchTabs } from './tablist.js';

const tabId = (tab) => `query-tab-${tab.id}`;

function tabButton(tab) {
  const mark = tab.edited && [
    element('span', { class: 'edited', 'aria-hidden': 'true' }),
    element('span', { class: 'unseen' }, ' (edited)'),
  ];
  return element('button', { type: 'button', role: 'tab', id: tabId(tab), 'aria-controls': 'tab-panel', 'data-id': tab.id }, tab.title, mark);
}

function showAbout(tab) {
  byId('about-text').replaceChildren(...inline(tab.own ? 'A tab of your own, kept in this browser.' : tab.description));
  byId('reset-tab').hidden = !tab.edited;
  byId('close-tab').hidden = !tab.own;
  const name = byId('tab-name');
  name.parentElement.hidden = !tab.own;
  if (document.activeElement !== name) name.value = tab.title;
}

function drawStrip(strip, tabs) {
  const active = tabs.active();
  const signature = JSON.stringify(tabs.list().map(({ id, title, edited }) => [id, title, edited]));
  // Typing changes a tab with every key; the strip is built anew only when it would look different.
  if (strip.dataset.signature !== signature) {
    const focused = strip.contains(document.activeElement) && document.activeElement.id;
    strip.replaceChildren(...tabs.list().map(tabButton));
    strip.dataset.signature = signature;
    if (focused) (byId(focused) ?? byId(tabId(active))).focus();
  }
  const selected = byId(tabId(active));
  if (selected.getAttribute('aria-selected') !== 'true') {
    markSelected(strip, selected);
    selected.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  byId('tab-panel').setAttribute('aria-labelledby', selected.id);
}

/** Wires the strip to the model; returns `draw()`, to be called after each change of the model. */
export function createTabStrip(tabs) {
  const strip = byId('tab-list');
  watchTabs(strip, (tab) => tabs.select(tab.dataset.id));
  strip.addEventListener('keydown', (event) => {
    if (event.key !== 'Delete' || !tabs.active().own) return;
    tabs.close(tabs.active().id);
    byId(tabId(tabs.active())).focus();
  });
  byId('new-tab').addEventListener('click', () => tabs.add());
  byId('close-tab').addEventListener('click', () => {
    tabs.close(tabs.active().id);
    byId(tabId(tabs.active())).focus();
  });
  byId('reset-tab').addEventListener('click', () => {
    tabs.reset();
    byId(tabId(tabs.active())).focus();
  });
  byId('tab-name').addEventListener('input', (event) => tabs.rename(event.target.value));
  return () => {
    drawStrip(strip, tabs);
    showAbout(tabs.active());
  };
}
