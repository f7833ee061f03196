// The keyboard pattern of a tab list: one tab stop, arrows move and select, Home and End jump.

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

function next(tabs, current, key) {
  if (key === 'Home') return tabs[0];
  if (key === 'End') return tabs.at(-1);
  const step = STEPS[key];
  return step && tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length];
}

/** Marks `selected` for eyes, keyboards and screen readers. */
export function markSelected(list, selected) {
  for (const tab of list.querySelectorAll('[role=tab]')) {
    tab.setAttribute('aria-selected', String(tab === selected));
    tab.tabIndex = tab === selected ? 0 : -1;
  }
}

/** Calls `select(tab)` when a tab of `list` is chosen by pointer or key. */
export function watchTabs(list, select) {
  list.addEventListener('click', (event) => {
    const tab = event.target.closest('[role=tab]');
    if (tab) select(tab);
  });
  list.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const current = event.target.closest('[role=tab]');
    const tab = current && next([...list.querySelectorAll('[role=tab]')], current, event.key);
    if (!tab) return;
    event.preventDefault();
    select(tab);
    // Selecting may draw the list anew: the focus goes to the tab that has the same id now.
    document.getElementById(tab.id)?.focus();
  });
}

/** A fixed tab list whose tabs name their panels by `aria-controls`; returns `show(tabId)`. */
export function panelTabs(list) {
  const select = (selected) => {
    markSelected(list, selected);
    for (const tab of list.querySelectorAll('[role=tab]')) {
      document.getElementById(tab.getAttribute('aria-controls')).hidden = tab !== selected;
    }
  };
  watchTabs(list, select);
  select(list.querySelector('[role=tab]'));
  return (tabId) => select(document.getElementById(tabId));
}
