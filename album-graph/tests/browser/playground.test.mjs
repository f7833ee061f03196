// The playground in a real browser. The caller gives CHROME, a Chromium, and ALBUM_GRAPH_URL, a running album-graph with the sample catalogue.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach, test } from 'node:test';

const require = createRequire(new URL('../../../assets/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = require('axe-core');

const address = new URL('/graphql', process.env.ALBUM_GRAPH_URL ?? 'http://127.0.0.1:4000').href;
const CHROME_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

let browser;
let context;
let page;
/** What the browser complained about, and what it asked of other servers. */
let complaints;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROME ?? '/usr/bin/chromium', args: CHROME_FLAGS });
});
after(() => browser?.close());
beforeEach(() => open());
afterEach(() => context.close());

async function open({ hash = '', ...options } = {}) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  page = await context.newPage();
  complaints = [];
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(address).origin) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(address + hash);
  if (options.javaScriptEnabled !== false) await page.locator('#download-schema:enabled').waitFor();
}

const queryText = () => page.locator('#query-editor .cm-content');
const status = () => page.locator('#result-status');

async function openEmptyTab() {
  await page.click('#new-tab');
  await page.locator('#tab-list [role=tab][aria-selected=true]', { hasText: 'New' }).waitFor();
  await queryText().click();
}

/** Runs the active tab and answers the response as it came over the wire. */
async function run() {
  const [response] = await Promise.all([
    page.waitForResponse((candidate) => candidate.request().method() === 'POST'),
    page.click('#run'),
  ]);
  await status().locator('.verdict').waitFor();
  return response.json();
}

async function axeFindings() {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

test('the page loads and every example shows data, without a complaint and without asking another server', async () => {
  const examples = JSON.parse(await page.locator('#examples').textContent());
  assert.ok(examples.length > 0, 'there are examples');
  for (const { title } of examples) {
    await page.getByRole('tab', { name: title, exact: true }).click();
    await page.locator('#result-empty').waitFor();
    const { data, errors } = await run();
    assert.equal(errors, undefined, title);
    for (const [name, value] of Object.entries(data)) assert.notEqual(value, null, `${name} in “${title}”`);
    await page.locator('#result-status .verdict.good').waitFor();
    await page.locator('#result-editor .cm-line', { hasText: '"data"' }).waitFor();
  }
  assert.deepEqual(complaints, []);
});

test('typing offers the fields of the schema, and tooltips and panels keep to the content security policy', async () => {
  await openEmptyTab();
  await page.keyboard.type('{ topSellers(first: 1) { rel');
  await page.locator('.cm-tooltip-autocomplete li', { hasText: 'releaseDate' }).waitFor();
  // CodeMirror's list takes no key in its first 75 ms, so that nobody accepts what appears under their typing.
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  await page.locator('#query-editor .cm-line', { hasText: 'releaseDate' }).waitFor();
  await page.getByText('topSellers', { exact: true }).hover();
  await page.locator('.hover-card', { hasText: 'Query.topSellers: [Album!]!' }).waitFor();
  await page.keyboard.press('Control+f');
  await page.locator('.cm-search').waitFor();
  assert.deepEqual(complaints, []);
});

test('a syntax error is marked and told while typing, and the answer of the server leads back to its line', async () => {
  await openEmptyTab();
  await page.keyboard.insertText('{\n  genres {\n    name(\n  }\n}');
  await page.locator('#query-problem', { hasText: 'Line 4: Syntax Error' }).waitFor();
  await page.locator('.cm-lintRange-error').first().waitFor({ state: 'attached' });
  const { errors } = await run();
  assert.ok(errors.length > 0);
  await page.locator('#result-errors li').first().waitFor();
});

test('an unknown field is marked by its name', async () => {
  await openEmptyTab();
  await page.keyboard.insertText('{ genres { nome } }');
  await page.locator('#query-problem', { hasText: 'Cannot query field "nome" on type "Genre"' }).waitFor();
});

test('a marked problem, its tooltip and the list of problems keep to the content security policy', async () => {
  await openEmptyTab();
  await page.keyboard.type('{ albumz { id } }');
  await page.locator('#query-editor .cm-lintRange-error', { hasText: 'albumz' }).hover();
  await page.locator('.cm-tooltip-lint', { hasText: 'Cannot query field "albumz"' }).waitFor();
  await page.keyboard.press('Control+Shift+KeyM');
  await page.locator('.cm-panel-lint', { hasText: 'Cannot query field "albumz"' }).waitFor();
  assert.deepEqual(complaints, []);
});

const OVERWRITES = {
  'typed over': () => page.keyboard.type('x'),
  'pasted over as text': () => page.keyboard.insertText('x'),
  'composed over': async () => {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Input.imeSetComposition', { text: 'y', selectionStart: 1, selectionEnd: 1 });
    await devtools.send('Input.insertText', { text: 'x' });
  },
};
for (const [how, overwrite] of Object.entries(OVERWRITES)) {
  test(`a selection ${how} keeps to the content security policy, and one undo brings it back`, async () => {
    const query = '{ albumz { id } }';
    await openEmptyTab();
    await page.keyboard.insertText(query);
    await page.locator('#query-editor .cm-lintRange-error').waitFor();
    await page.keyboard.press('Control+a');
    await overwrite();
    await page.locator('#query-editor .cm-content', { hasText: /^x$/ }).waitFor();
    assert.deepEqual(complaints, []);
    await page.keyboard.press('Control+z');
    await page.locator('#query-editor .cm-line', { hasText: query }).waitFor();
  });
}

test('a bracket typed over a selection encloses it', async () => {
  await openEmptyTab();
  await page.keyboard.insertText('genres');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('{');
  await page.locator('#query-editor .cm-line', { hasText: '{genres}' }).waitFor();
});

test('typing over the result changes nothing and keeps to the content security policy', async () => {
  await run();
  const body = page.locator('#result-editor .cm-content');
  await body.click();
  await page.keyboard.press('Control+a');
  const before = await body.innerText();
  await page.keyboard.type('x');
  assert.equal(await body.innerText(), before);
  assert.deepEqual(complaints, []);
});

test('the docs find releaseDate and lead to it, and Back leads back', async () => {
  await page.fill('#docs-search', 'releaseDate');
  await page.locator('#docs-page').getByRole('button', { name: 'Album.releaseDate' }).click();
  await page.locator('#docs-page .docs-title', { hasText: 'Album' }).waitFor();
  await page.locator('#docs-field-releaseDate.found').waitFor();
  await page.locator('#docs-field-artist').getByRole('button', { name: 'Artist' }).click();
  await page.locator('#docs-page .docs-title', { hasText: 'Artist' }).waitFor();
  await page.click('#docs-back');
  await page.locator('#docs-field-releaseDate').waitFor();
});

test('of several operations the one with the cursor runs, by keyboard alone', async () => {
  await openEmptyTab();
  await page.keyboard.insertText('query First { genres { slug } }\nquery Second { newest(first: 1) { slug } }');
  const [request] = await Promise.all([
    page.waitForRequest((candidate) => candidate.method() === 'POST'),
    page.keyboard.press('Control+Enter'),
  ]);
  assert.equal(request.postDataJSON().operationName, 'Second');
  await page.locator('#result-status .verdict.good').waitFor();
});

test('an edit outlives a reload and can be reset to the example', async () => {
  const original = await queryText().innerText();
  await queryText().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText('# mine\n');
  await page.locator('#reset-tab').waitFor();
  await page.reload();
  await page.locator('#query-editor .cm-line', { hasText: '# mine' }).waitFor();
  await page.click('#reset-tab');
  await page.locator('#reset-tab').waitFor({ state: 'hidden' });
  assert.equal(await queryText().innerText(), original);
});

test('a shared link opens its query in a new tab and does not run it', async () => {
  const posts = [];
  await open({ hash: `#${new URLSearchParams({ query: '{ genres { name } }', variables: '{"a":1}' })}` });
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await page.locator('[role=tab][aria-selected=true]', { hasText: 'Shared' }).waitFor();
  assert.equal(await queryText().innerText(), '{ genres { name } }');
  assert.equal(page.url(), address);
  assert.deepEqual(posts, []);
});

test('an answer says what it cost', async () => {
  const { extensions } = await run();
  const { requested, measured } = extensions.cost;
  assert.ok(measured > 0 && measured <= requested);
  await status().getByText(`cost ${measured} of ${requested}`, { exact: true }).waitFor();
});

const headersText = () => page.locator('#headers-editor .cm-content');
const headersLine = (text) => page.locator('#headers-editor .cm-line', { hasText: text });

/** Runs the active tab and answers the headers that were sent. */
async function sentHeaders() {
  const [request] = await Promise.all([page.waitForRequest((candidate) => candidate.method() === 'POST'), page.click('#run')]);
  await status().locator('.verdict').waitFor();
  return request.headers();
}

test('the headers have a place for a token, which is not sent before it is filled, and each tab keeps its own', async () => {
  await page.click('#tab-headers');
  await headersLine('"authorization": "Bearer TOKEN"').waitFor();
  assert.equal((await sentHeaders()).authorization, undefined);
  await headersText().fill('{ "authorization": "Bearer mine", "x-test": "1" }');
  const { authorization, 'x-test': other } = await sentHeaders();
  assert.deepEqual([authorization, other], ['Bearer mine', '1']);
  await page.reload();
  await page.click('#tab-headers');
  await headersLine('Bearer mine').waitFor();
  await page.locator('#tab-list [role=tab]').nth(1).click();
  await headersLine('Bearer TOKEN').waitFor();
  assert.equal((await sentHeaders()).authorization, undefined);
});

test('a token that an answer brings is used in every tab by one press, and so is the one after it', async () => {
  const issue = (token) => page.route(address, (route) => route.fulfill({ json: { data: { signIn: { session: { token } } } } }), { times: 1 });
  await page.click('#tab-headers');
  assert.ok(await page.locator('#token-offer').isHidden());
  await issue('first-token');
  await run();
  await page.click('#use-token');
  await headersLine('"authorization": "Bearer first-token"').waitFor();
  assert.ok(await page.locator('#token-offer').isHidden());
  await page.locator('#tab-list [role=tab]').nth(1).click();
  assert.equal((await sentHeaders()).authorization, 'Bearer first-token');
  await headersText().fill('{ "authorization": "Bearer first-token", "x-test": "1" }');
  await issue('second-token');
  await run();
  await page.click('#use-token');
  await headersLine('x-test').waitFor();
  assert.equal((await sentHeaders()).authorization, 'Bearer second-token');
  await page.locator('#tab-list [role=tab]').first().click();
  assert.equal((await sentHeaders()).authorization, 'Bearer second-token');
  assert.deepEqual(complaints, []);
});

test('a running request can be cancelled', async () => {
  await page.route(address, () => {}, { times: 1 });
  await page.click('#run');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('#result-errors', { hasText: 'Cancelled' }).waitFor();
});

test('a server that is away and an answer that is not JSON are told in words', async () => {
  await page.route(address, (route) => route.abort(), { times: 1 });
  await page.click('#run');
  await page.locator('#result-errors', { hasText: 'The server did not answer' }).waitFor();
  await page.route(address, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<b>proxy</b>' }), { times: 1 });
  await page.click('#run');
  await page.locator('#result-errors', { hasText: 'The answer is not JSON' }).waitFor();
  await page.locator('#result-editor', { hasText: '<b>proxy</b>' }).waitFor();
});

test('without introspection the docs say why and queries still run', async () => {
  await page.route(address, (route) => {
    const introspects = route.request().postData()?.includes('__schema');
    return introspects ? route.fulfill({ status: 400, json: { errors: [{ message: 'Introspection is off.' }] } }) : route.continue();
  });
  await page.reload();
  await page.locator('#docs-page', { hasText: 'Introspection is off.' }).waitFor();
  const { data } = await run();
  assert.ok(data);
});

for (const reducedMotion of ['reduce', 'no-preference']) {
  test(`on a phone a run brings its result into view, with ${reducedMotion} for motion`, async () => {
    await open({ viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true, reducedMotion });
    const result = page.locator('.result-pane');
    const hidden = await result.evaluate((pane) => pane.getBoundingClientRect().top >= window.innerHeight);
    assert.ok(hidden, 'at first the result is below the edge');
    await run();
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector('.result-pane').getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight + 1;
    });
  });
}

test('a run by keyboard leaves the focus in the editor', async () => {
  await queryText().click();
  await page.keyboard.press('Control+Enter');
  await status().locator('.verdict').waitFor();
  assert.ok(await queryText().evaluate((content) => content === document.activeElement));
});

test('the tabs follow the arrow keys', async () => {
  const tabs = page.locator('#tab-list [role=tab]');
  await tabs.first().focus();
  await page.keyboard.press('End');
  assert.equal(await tabs.last().getAttribute('aria-selected'), 'true');
  await page.keyboard.press('ArrowRight');
  assert.equal(await tabs.first().getAttribute('aria-selected'), 'true');
});

for (const colorScheme of ['light', 'dark']) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 375, height: 812 }]) {
    test(`axe finds nothing and nothing sticks out, ${colorScheme}, ${viewport.width} px wide`, async () => {
      await open({ colorScheme, viewport });
      assert.deepEqual(await axeFindings(), [], 'at first');
      await run();
      await page.keyboard.press('Control+k');
      await page.fill('#docs-search', 'price');
      assert.deepEqual(await axeFindings(), [], 'after a run, with a search in the docs');
      await page.fill('#docs-search', 'albums');
      await page.locator('#docs-page').getByRole('button', { name: 'Query.albums', exact: true }).click();
      await page.click('#tab-response-headers');
      await page.click('#tab-headers');
      assert.deepEqual(await axeFindings(), [], 'with a type and both headers');
      await openEmptyTab();
      await page.keyboard.insertText('{ genres { nome } }');
      await page.locator('#query-problem').waitFor();
      await run();
      await page.keyboard.press('Escape');
      assert.deepEqual(await axeFindings(), [], 'with an error');
      await page.click('#show-shortcuts');
      assert.deepEqual(await axeFindings(), [], 'with the shortcuts');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= viewport.width, `the page is ${width} px wide`);
    });
  }
}

test('without JavaScript the page tells how to use curl', async () => {
  await open({ javaScriptEnabled: false });
  await page.locator('.without-script pre', { hasText: 'curl --json' }).waitFor();
  assert.equal(await page.locator('#playground').isVisible(), false);
});
