// The model of the request headers: each tab has its own, all begin with a place for a token, and a token that an answer brings
// can be put there in one step. They last as long as the window: a token is a key.
import { passing } from './storage.js';

const TOKEN = 'TOKEN';

const template = (token) => JSON.stringify({ authorization: `Bearer ${token}` }, null, 2);

/** Without the template's own header, which says nothing until a token is put in. */
export function sendable(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== `Bearer ${TOKEN}`));
}

/** The token of a new session in an answer: `{ session: { token } }` somewhere in the data; undefined without one. */
export function issuedToken(data) {
  if (!data || typeof data !== 'object') return undefined;
  if (typeof data.session?.token === 'string') return data.session.token;
  for (const value of Object.values(data)) {
    const found = issuedToken(value);
    if (found) return found;
  }
  return undefined;
}

/** Calls `changed()` after every change but those of `edit`. */
export function createHeaders(changed) {
  const saved = passing.read('headers', {});
  const edits = { ...saved.edits };
  let { used = TOKEN, offered } = saved;

  const keep = () => passing.write('headers', { edits, used, offered });

  return {
    of: (tab) => edits[tab] ?? template(used),
    edit(tab, text) {
      if (text === template(used)) delete edits[tab];
      else edits[tab] = text;
      keep();
    },
    /** The token that waits to be used; undefined when there is none. */
    offered: () => offered,
    offer(token) {
      if (token === used) return;
      offered = token;
      keep();
      changed();
    },
    /** Puts the token that is offered into every tab: in the place of the one before, or where there was none yet. */
    use() {
      for (const [tab, text] of Object.entries(edits)) edits[tab] = text.replaceAll(`Bearer ${used}`, () => `Bearer ${offered}`);
      used = offered;
      offered = undefined;
      keep();
      changed();
    },
  };
}
