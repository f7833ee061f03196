// The GraphQL playground: puts the page together from its parts.
import { printSchema } from 'graphql';
import { copy } from './clipboard.js';
import { curlCommand } from './curl.js';
import { createDocs } from './docs/explorer.js';
import { createJsonEditor, readObject } from './editors/json-editor.js';
import { createQueryEditor } from './editors/query-editor.js';
import { adoptEditorStyles } from './editors/styles.js';
import { byId, element } from './element.js';
import { readExamples } from './examples.js';
import { createHeaders, issuedToken, sendable } from './headers.js';
import { prettyJson, prettyQuery } from './prettify.js';
import { ENDPOINT } from './request.js';
import { createResultPane } from './result-pane.js';
import { createRunner } from './runner.js';
import { loadSchema } from './schema.js';
import { shareLink, takeFromAddress } from './share.js';
import { RUN_KEYS, startShortcuts } from './shortcuts.js';
import { startSplitters } from './splitters.js';
import { createTabStrip } from './tab-strip.js';
import { panelTabs } from './tablist.js';
import { createTabs } from './tabs.js';
import { toast } from './toast.js';

adoptEditorStyles();
for (const hidden of document.querySelectorAll('#playground, .top > [hidden]')) hidden.hidden = false;
byId('endpoint').textContent = ENDPOINT;
byId('run-key').textContent = RUN_KEYS;
byId('empty-key').textContent = RUN_KEYS;

const docs = createDocs({ reload: refreshSchema });
const tabs = createTabs(readExamples(), () => draw());
const headers = createHeaders(() => draw());
const drawStrip = createTabStrip(tabs);
const showInput = panelTabs(document.querySelector('.inputs-pane [role=tablist]'));

const keepEdit = () => tabs.edit({ query: editors.query.text(), variables: editors.variables.text() });
const editors = {
  query: createQueryEditor({ parent: byId('query-editor'), edited: keepEdit, problems: showProblems, openDocs: docs.open }),
  variables: createJsonEditor({ parent: byId('variables-editor'), label: 'Variables, as a JSON object', edited: keepEdit }),
  headers: createJsonEditor({ parent: byId('headers-editor'), label: 'Headers, as a JSON object', edited: (text) => headers.edit(tabs.active().id, text) }),
};
const result = createResultPane({ goTo: editors.query.goTo });
const runner = createRunner({ editors, result, showInput, activeTab: () => tabs.active().id, answered: takeToken });
let schema;

function draw() {
  const tab = tabs.active();
  drawStrip();
  editors.query.show(tab.id, tab.query);
  editors.variables.show(tab.id, tab.variables);
  editors.headers.show(tab.id, headers.of(tab.id));
  byId('token-offer').hidden = !headers.offered();
  runner.showLast();
}

function takeToken({ json }) {
  const token = issuedToken(json?.data);
  if (!token) return;
  headers.offer(token);
  if (headers.offered()) toast('The answer has the token of a session: it can be used from the headers.');
}

function useToken() {
  headers.use();
  editors.headers.view.focus();
  toast('Every tab sends the new token now.');
}

function showProblems(problems) {
  const line = byId('query-problem');
  const [first] = problems;
  line.hidden = !first;
  line.dataset.severity = first?.severity ?? '';
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  line.textContent = first ? `Line ${first.line}: ${first.message}${more}` : '';
}

async function refreshSchema() {
  docs.setSchema(undefined);
  const loaded = await loadSchema(sendable(readObject(editors.headers.text()).value ?? {}));
  schema = loaded.schema;
  editors.query.setSchema(schema);
  docs.setSchema(schema, loaded.problem);
  byId('download-schema').disabled = !schema;
}

function prettify() {
  try {
    const query = prettyQuery(editors.query.text());
    const variables = prettyJson(editors.variables.text());
    editors.query.rewrite(query);
    editors.variables.rewrite(variables);
  } catch (error) {
    toast(`Not prettified: ${error.message}`);
  }
}

function copyCurl() {
  const request = runner.prepare();
  if (request) copy(curlCommand(location.origin + ENDPOINT, request.payload, request.headers), 'Copied as a curl command.');
}

function downloadSchema() {
  const href = URL.createObjectURL(new Blob([printSchema(schema)], { type: 'text/plain' }));
  element('a', { href, download: 'schema.graphql' }).click();
  URL.revokeObjectURL(href);
}

function openFromAddress() {
  const wanted = takeFromAddress();
  if (wanted?.example) tabs.select(wanted.example);
  else if (wanted) tabs.add({ title: 'Shared', ...wanted });
}

byId('use-token').addEventListener('click', useToken);
byId('prettify').addEventListener('click', prettify);
byId('copy-curl').addEventListener('click', copyCurl);
byId('share').addEventListener('click', () => copy(shareLink(tabs.active()), 'Copied a link to this query.'));
byId('download-schema').addEventListener('click', downloadSchema);
window.addEventListener('hashchange', openFromAddress);
startShortcuts({ run: runner.run, cancel: runner.cancel, prettify, searchDocs: docs.focusSearch });
startSplitters();
openFromAddress();
draw();
refreshSchema();
