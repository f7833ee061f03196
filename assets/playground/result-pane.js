// Shows how a request went: status, time and size, the errors in words, the body and the headers.
import { byId, element } from './element.js';
import { createResultView } from './editors/result-view.js';
import { panelTabs } from './tablist.js';

function readableSize(bytes) {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

function readableTime(milliseconds) {
  return milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function graphqlErrors(json) {
  return Array.isArray(json?.errors) ? json.errors : [];
}

function errorItem(error, goTo) {
  const place = error.locations?.[0];
  const code = error.extensions?.code;
  return element('li', {},
    code && element('code', { class: 'error-code' }, String(code)),
    element('span', {}, String(error.message ?? 'An error without a message')),
    error.path && element('code', { class: 'error-path' }, error.path.join('.')),
    place && element('button', { type: 'button', class: 'link', onclick: () => goTo(place.line, place.column) }, `line ${place.line}`),
  );
}

function verdict({ status, json }) {
  if (status >= 400 || json === undefined) return 'bad';
  return graphqlErrors(json).length ? 'warn' : 'good';
}

/** How many objects the answer has, and how many it could have had; null where the server does not say. */
function cost(json) {
  const { requested, measured } = json?.extensions?.cost ?? {};
  if (requested === undefined) return null;
  const title = 'Objects in the answer, and the most that the document could have had: its cost';
  return element('span', { title }, `cost ${measured} of ${requested}`);
}

const STACKED = window.matchMedia('(max-width: 55.99rem)');

/** `goTo(line, column)` shows a place of the query. Returns `waiting()`, `show(answer)`, `complain(sentence, advice)`, `clear()` and `bringIntoView()`. */
export function createResultPane({ goTo }) {
  const status = byId('result-status');
  const errors = byId('result-errors');
  const showBody = createResultView(byId('result-editor'));
  const showPanel = panelTabs(status.parentElement.querySelector('[role=tablist]'));

  function body(text, isJson) {
    byId('result-empty').hidden = true;
    byId('result-editor').hidden = text === '';
    showBody(text, isJson);
  }

  function headers(list) {
    byId('no-response-headers').hidden = list.length > 0;
    byId('response-headers').hidden = list.length === 0;
    const rows = list.map(([name, value]) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)));
    byId('response-headers').tBodies[0].replaceChildren(...rows);
  }

  function notice(...content) {
    errors.hidden = content.length === 0;
    errors.replaceChildren(...content);
  }

  function complain(sentence, advice) {
    status.replaceChildren(element('b', { class: 'verdict bad' }, 'No result'));
    notice(element('p', {}, element('b', {}, sentence), ' ', advice));
    body('', false);
    headers([]);
    showPanel('tab-body');
  }

  function show(answer) {
    if (answer.cancelled) return complain('Cancelled.', 'The request was stopped before an answer came.');
    if (answer.unreachable) return complain('The server did not answer.', 'Is it still running, and is this machine connected to it? Run again when it is.');
    const { status: code, statusText, milliseconds, bytes, json, text, contentType } = answer;
    const list = graphqlErrors(json);
    status.replaceChildren(
      element('b', { class: `verdict ${verdict(answer)}` }, `${code} ${statusText}`.trim()),
      element('span', {}, readableTime(milliseconds)),
      element('span', {}, readableSize(bytes)),
      ...[cost(json)].filter(Boolean),
      ...(list.length > 0 ? [element('span', { class: 'unseen' }, list.length === 1 ? '1 error' : `${list.length} errors`)] : []),
    );
    if (json === undefined) {
      notice(element('p', {}, element('b', {}, 'The answer is not JSON.'), ` Its type is ${contentType || 'not given'}; it is shown as it came. Something other than the GraphQL server may have answered.`));
    } else if (list.length > 0) {
      notice(element('ul', {}, list.map((error) => errorItem(error, goTo))));
    } else notice();
    body(json === undefined ? text : JSON.stringify(json, null, 2), json !== undefined);
    headers(answer.headers);
  }

  function clear() {
    status.replaceChildren();
    notice();
    body('', false);
    headers([]);
    byId('result-empty').hidden = false;
  }

  /** Where the panes are stacked, the result may be below the window's edge. */
  function bringIntoView() {
    if (STACKED.matches) status.closest('section').scrollIntoView({ block: 'nearest' });
  }

  const waiting = () => status.replaceChildren(element('span', {}, 'Waiting …'));
  return { show, complain, waiting, clear, bringIntoView };
}
