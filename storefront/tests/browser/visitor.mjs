// Somebody with a browser in front of the shop that STOREFRONT_URL names, whose catalogue ALBUM_GRAPH_URL answers.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';

export const require = createRequire(new URL('../../../assets/package.json', import.meta.url));
const { chromium } = require('playwright-core');

const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 320, height: 640 };

export const shop = needed('STOREFRONT_URL').replace(/\/$/, '');
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: needed('CHROME'), args: SWITCHES });
});
after(() => browser?.close());

export function needed(name) {
  const value = process.env[name];
  assert.ok(value, `${name} must be set: \`cargo xtask test\` does it`);
  return value;
}

/** The genre with most albums, and one of its albums and artists: whatever the catalogue holds. */
export async function biggestGenre() {
  const albums = 'nodes { slug title artist { slug name } }';
  const query = `{ genres { name slug albums(first: 25) { totalCount ${albums} } } }`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(needed('ALBUM_GRAPH_URL'), { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { genres } = (await response.json()).data;
  const biggest = genres.reduce((one, other) => (other.albums.totalCount > one.albums.totalCount ? other : one));
  assert.ok(biggest.albums.totalCount > 24, 'load more needs a genre with more than 24 albums');
  return { ...biggest, total: biggest.albums.totalCount, album: biggest.albums.nodes[0] };
}

/**
 * Lets `walk` use a page of a fresh visitor, and fails where the console has something to complain about, a violation
 * of the content security policy among it. Answers of the statuses in `expected` may fail.
 */
export async function visit({ expected = [], silent = true, ...options }, walk) {
  const context = await browser.newContext({ viewport: DESKTOP, baseURL: shop, ...options });
  const complaints = [];
  const isExpected = (text) => expected.some((status) => text.includes(`status of ${status} `));
  context.on('console', (message) => {
    const wrong = ['error', 'warning'].includes(message.type()) && !isExpected(message.text());
    if (wrong) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await walk(page, context);
    if (silent) assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** Opens a page and waits until its scripts are at work. */
export async function open(page, path) {
  const response = await page.goto(path);
  await page.locator('a[data-htmx-powered]').first().waitFor({ state: 'attached' });
  return response;
}

/** Waits until the heading has the focus and says `text`. */
export async function arrivedAt(page, text) {
  await page.locator('h1:focus', { hasText: text }).waitFor();
}

/** What the live region says, as soon as it matches. */
export async function announced(page, text) {
  await page.locator('#announcer', { hasText: text }).waitFor({ state: 'attached' });
}
