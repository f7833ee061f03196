// What happens when the network does not work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivedAt, open, visit } from './visitor.mjs';

test('a link that gets no answer says so, visibly, and works again later', () =>
  visit({ silent: false }, async (page, context) => {
    await open(page, '/');
    await context.setOffline(true);
    await page.click('.sections >> text=Genres');
    const notice = page.locator('#announcer[data-tone=problem]', { hasText: 'check your connection' });
    await notice.waitFor();
    assert.ok(await notice.isVisible());
    assert.equal(new URL(page.url()).pathname, '/');
    await context.setOffline(false);
    await page.click('.sections >> text=Genres');
    await arrivedAt(page, 'Genres');
    assert.equal(await page.locator('#announcer[data-tone]').count(), 0);
  }));

test('what went wrong can be closed, and is said again when it happens again', () =>
  visit({ silent: false }, async (page, context) => {
    await open(page, '/');
    await context.setOffline(true);
    const notice = page.locator('#announcer[data-tone=problem]', { hasText: 'check your connection' });
    for (let times = 0; times < 2; times += 1) {
      await page.click('.sections >> text=Genres');
      await notice.waitFor();
      await page.click('.announcer-close');
      await notice.waitFor({ state: 'detached' });
    }
  }));

test('an answer that says that the catalogue is away is shown like any page', () =>
  visit({ expected: [503] }, async (page) => {
    await open(page, '/');
    await page.route('**/genres', async (route) => {
      const body = (await (await route.fetch()).text()).replace('>Genres</h1>', '>Away</h1>');
      await route.fulfill({ status: 503, contentType: 'text/html', body });
    });
    await page.click('.sections >> text=Genres');
    await arrivedAt(page, 'Away');
    assert.equal(new URL(page.url()).pathname, '/genres');
    assert.equal(await page.locator('#announcer[data-tone]').count(), 0);
  }));

test('a shop that was renewed meanwhile is loaded anew', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await page.evaluate(() => {
      window.stayed = true;
      document.querySelector('script[type=module]').setAttribute('src', '/assets/of-yesterday.js');
    });
    await page.click('.sections >> text=Genres');
    await page.waitForURL('**/genres');
    await page.locator('.genre-list').waitFor();
    assert.equal(await page.evaluate(() => window.stayed), undefined);
  }));
