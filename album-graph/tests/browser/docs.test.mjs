// The reference in a real browser. The caller gives CHROME, a Chromium, and ALBUM_GRAPH_URL, a running album-graph.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, afterEach, before, test } from 'node:test';

const require = createRequire(new URL('../../../assets/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = require('axe-core');

const address = (path) => new URL(path, process.env.ALBUM_GRAPH_URL ?? 'http://127.0.0.1:4000').href;
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
afterEach(() => context?.close());

async function open(path, options = {}) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(address('/')).origin) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(address(path));
}

async function axeFindings() {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

test('without JavaScript one reads from a query to the type of a price, and back to whatever has one', async () => {
  await open('/docs', { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'topSellers', exact: true }).click();
  await page.locator('#topSellers').getByRole('link', { name: 'Album' }).click();
  await page.locator('#price').getByRole('link', { name: 'Money' }).click();
  assert.equal(await page.locator('h1').innerText(), 'Money object');
  assert.equal(await page.locator('nav.contents [aria-current=page]').innerText(), 'Money');
  await page.locator('#uses + ul').getByRole('link', { name: 'Album.price' }).click();
  assert.equal(new URL(page.url()).hash, '#price');
  assert.deepEqual(complaints, []);
});

test('an example opens in the playground, and the playground leads back', async () => {
  await open('/docs/AlbumFilter');
  await page.getByRole('link', { name: 'Open in the playground' }).click();
  await page.locator('#query-editor', { hasText: 'where: {' }).waitFor();
  await page.getByRole('link', { name: 'Reference' }).click();
  await page.locator('h1', { hasText: 'Build your own shop' }).waitFor();
  assert.deepEqual(complaints, []);
});

test('the keyboard passes over the contents', async () => {
  await open('/docs/Album');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'To the content' });
  assert.ok(await skip.evaluate((link) => link === document.activeElement));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
});

const PAGES = ['/docs', '/docs/http', '/docs/sessions', '/docs/errors', '/docs/limits', '/docs/changes', '/docs/Query', '/docs/Album', '/docs/AlbumFilter', '/docs/SearchOrder', '/docs/Node', '/docs/Nothing'];
for (const colorScheme of ['light', 'dark']) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 640 }]) {
    test(`axe finds nothing and nothing sticks out, ${colorScheme}, ${viewport.width} px wide`, async () => {
      for (const path of PAGES) {
        await open(path, { colorScheme, viewport });
        assert.deepEqual(await axeFindings(), [], path);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= viewport.width, `${path} is ${width} px wide`);
      }
    });
  }
}
