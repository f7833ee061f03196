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
