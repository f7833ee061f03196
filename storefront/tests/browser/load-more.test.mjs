// The list that grows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announced, biggestGenre, open, visit } from './visitor.mjs';

const genre = await biggestGenre();
const more = Math.min(24, genre.total - 24);

test('more albums come below the others, said and focused, and Back returns to them', () =>
  visit({}, async (page) => {
    await open(page, `/genres/${genre.slug}`);
    const before = await page.locator('.card').count();
    await page.click('.load-more');
    await page.locator('#page-2 .card-link:focus').waitFor();
    await announced(page, more === 1 ? '1 more album loaded' : `${more} more albums loaded`);
    assert.equal(await page.locator('.card').count(), before + more);
    assert.equal(await page.locator('#paging').count(), 1);
    assert.equal(new URL(page.url()).search, '?page=2');

    const title = await page.locator('#page-2 .card-title').first().textContent();
    await page.locator('#page-2 .card-link').first().click();
    await page.waitForURL('**/albums/*');
    await page.goBack();
    await page.locator('#page-2').waitFor();
    assert.equal(new URL(page.url()).search, '?page=2');
    assert.equal(await page.locator('#page-2 .card-title').first().textContent(), title);
  }));

test('Back shows all that was loaded, where it was left, even while the server is away; Forward starts at the top', () =>
  visit({ silent: false }, async (page, context) => {
    await open(page, `/genres/${genre.slug}`);
    await page.click('.load-more');
    await page.locator('#page-2 .card-link:focus').waitFor();
    const cards = await page.locator('.card').count();
    const link = page.locator('.card-link').last();
    const href = await link.getAttribute('href');
    await link.scrollIntoViewIfNeeded();
    await link.focus();
    const scrolled = await page.evaluate(() => scrollY);
    assert.ok(scrolled > 500);
    await page.keyboard.press('Enter');
    await page.locator('.album h1:focus').waitFor();
    await context.setOffline(true);
    for (let times = 0; times < 2; times += 1) {
      await page.goBack();
      await page.locator(`.card-link[href="${href}"]:focus`).waitFor();
      await page.waitForFunction((y) => Math.abs(scrollY - y) < 5, scrolled);
      assert.equal(await page.locator('.card').count(), cards);
      assert.equal(new URL(page.url()).search, '?page=2');
      await page.goForward();
      await page.locator('.album h1:focus').waitFor();
      await page.waitForFunction(() => scrollY === 0);
      await page.waitForTimeout(200);
      assert.equal(await page.evaluate(() => scrollY), 0);
    }
    assert.equal(await page.locator('#announcer[data-tone]').count(), 0);
  }));

test('where more cannot be fetched, that is said, and it can be tried again', () =>
  visit({ expected: [503] }, async (page) => {
    await open(page, `/genres/${genre.slug}`);
    const fail = (route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<html><body>away</body></html>' });
    await page.route('**after=**', fail);
    await page.click('.load-more');
    await page.locator('#announcer[data-tone=problem]', { hasText: 'try again' }).waitFor();
    assert.equal(new URL(page.url()).search, '');
    assert.equal(await page.locator('.card').count(), 24);
    await page.unroute('**after=**');
    await page.click('.load-more');
    await page.locator('#page-2 .card-link:focus').waitFor();
    assert.equal(await page.locator('#announcer[data-tone]').count(), 0);
  }));
