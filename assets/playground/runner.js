// Runs the query of the active tab: reads the editors, sends one request at a time, keeps each tab's answer, cancels.
import { byId } from './element.js';
import { readObject } from './editors/json-editor.js';
import { sendable } from './headers.js';
import { operationAt } from './operation.js';
import { send } from './request.js';

/**
 * `editors` has `query`, `variables`, `headers`; `showInput(tabId)` brings an input to the front; `activeTab()` is an id;
 * `answered(answer)` is called for each answer.
 */
export function createRunner({ editors, result, showInput, activeTab, answered }) {
  const answers = new Map();
  let running = null;
  let shown;

  /** The request as it would be sent, or null after saying what is wrong with the inputs. */
  function prepare() {
    for (const name of ['variables', 'headers']) {
      const { problem } = readObject(editors[name].text());
      if (!problem) continue;
      showInput(`tab-${name}`);
      editors[name].view.focus();
      result.complain(`The ${name} are not a JSON object.`, problem);
      return null;
    }
    const query = editors.query.text();
    const payload = {
      query,
      variables: readObject(editors.variables.text()).value,
      operationName: operationAt(query, editors.query.cursor()),
    };
    return { payload, headers: sendable(readObject(editors.headers.text()).value) };
  }

  function showRunning(on) {
    document.body.classList.toggle('running', on);
    byId('run').classList.toggle('cancels', on);
    byId('run-label').textContent = on ? 'Cancel' : 'Run';
    byId('run-key').hidden = on;
    byId('tab-panel').setAttribute('aria-busy', String(on));
  }

  async function run() {
    const request = prepare();
    if (!request) return;
    running?.abort();
    const mine = new AbortController();
    const tab = activeTab();
    running = mine;
    showRunning(true);
    result.waiting();
    const answer = await send(request.payload, { headers: request.headers, signal: mine.signal });
    // A later run has taken over: its answer counts.
    if (running !== mine) return;
    running = null;
    showRunning(false);
    answers.set(tab, answer);
    answered(answer);
    if (tab !== activeTab()) return;
    result.show(answer);
    result.bringIntoView();
  }

  /** Shows what the active tab was answered last, after a switch of tabs. */
  function showLast() {
    if (shown === activeTab()) return;
    shown = activeTab();
    if (answers.has(shown)) result.show(answers.get(shown));
    else result.clear();
  }

  const cancel = () => running?.abort();
  byId('run').addEventListener('click', () => (running ? cancel() : run()));
  return { run, cancel, prepare, showLast };
}
