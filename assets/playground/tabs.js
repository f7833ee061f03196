// The model of the tabs: the examples with the visitor's edits, and the visitor's own tabs.
import { lasting } from './storage.js';

const EMPTY = { query: '', variables: '{}' };

/** Calls `changed()` after every change; a tab is `{ id, title, description, query, variables, own, edited }`. */
export function createTabs(examples, changed) {
  const saved = lasting.read('tabs', {});
  const edits = { ...saved.edits };
  const own = Array.isArray(saved.own) ? saved.own : [];
  let active = saved.active;

  const fromExample = (example) => {
    const edit = edits[example.name];
    return { ...example, ...edit, id: example.name, own: false, edited: Boolean(edit) };
  };
  const fromOwn = (tab) => ({ ...EMPTY, ...tab, description: '', own: true, edited: false });
  const list = () => [...examples.map(fromExample), ...own.map(fromOwn)];
  const find = (id) => list().find((tab) => tab.id === id);

  function keep() {
    lasting.write('tabs', { edits, own, active });
    changed();
  }

  function freeTitle(title) {
    const taken = new Set(list().map((tab) => tab.title));
    let free = title;
    for (let number = 2; taken.has(free); number += 1) free = `${title} ${number}`;
    return free;
  }

  function open({ title = 'New', query = '', variables = '{}' } = {}) {
    const tab = { id: `own-${crypto.getRandomValues(new Uint32Array(1))[0]}`, title: freeTitle(title), query, variables };
    own.push(tab);
    active = tab.id;
  }
  function add(tab) {
    open(tab);
    keep();
  }

  if (list().length === 0) open();
  if (!find(active)) active = list()[0].id;

  return {
    list,
    active: () => find(active),
    add,
    select(id) {
      if (id === active || !find(id)) return;
      active = id;
      keep();
    },
    edit({ query, variables }) {
      const tab = find(active);
      if (tab.query === query && tab.variables === variables) return;
      const example = examples.find(({ name }) => name === active);
      if (!example) Object.assign(own.find(({ id }) => id === active), { query, variables });
      else if (example.query === query && example.variables === variables) delete edits[active];
      else edits[active] = { query, variables };
      keep();
    },
    reset() {
      delete edits[active];
      keep();
    },
    rename(title) {
      const tab = own.find(({ id }) => id === active);
      if (!tab) return;
      tab.title = title.trim() || 'New';
      keep();
    },
    close(id) {
      const all = list();
      const at = all.findIndex((tab) => tab.id === id);
      if (at < 0 || !all[at].own) return;
      own.splice(own.findIndex((tab) => tab.id === id), 1);
      if (list().length === 0) return add();
      if (active === id) active = (all[at + 1] ?? all[at - 1]).id;
      keep();
    },
  };
}
