// The same walk with JavaScript off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { biggestGenre, visit } from './visitor.mjs';

const genre = await biggestGenre();
const heading = (page) => page.locator('h1').textContent();

test('browsing, paging, filtering and Back work with plain links and forms', () =>
  visit({ javaScriptEnabled: false, expected: [422] }, async (page) => {
    await page.goto('/');
    await page.click('.sections >> text=Genres');
    assert.equal(await heading(page), 'Genres');
    await page.click(`.genre-card h2 >> text="${genre.name}"`);
    assert.equal(await heading(page), genre.name);

    await page.click('.load-more');
    await page.waitForURL('**?page=2');
    assert.equal(await page.locator('.card').count(), Math.min(24, genre.total - 24));
    await page.goBack();
    assert.equal(await page.locator('.card').count(), 24);

    await page.selectOption('#sort', '-title');
    await page.fill('#max', '50');
    await page.click('#filter >> text=Apply');
    assert.equal(await page.inputValue('#sort'), '-title');
    assert.equal(await page.inputValue('#max'), '50');
    await page.fill('#max', 'much');
    await page.click('#filter >> text=Apply');
    assert.match(await page.locator('#max-error').textContent(), /Enter a price/);

    await page.click('text=Clear prices');
    await page.locator('.card-link').first().click();
    await page.waitForURL('**/albums/*');
    await page.locator('.album-artist a').click();
    await page.waitForURL('**/artists/*');
    await page.click('.sections >> text=Artists');
    assert.equal(await heading(page), 'Artists');
    await page.click('.pages >> text=Next');
    await page.waitForURL('**/artists?page=2');
  }));

test('the menu behind "more" opens', () =>
  visit({ javaScriptEnabled: false }, async (page) => {
    await page.goto('/');
    await page.click('.more summary');
    await page.locator('.more li a').first().click();
    await page.waitForURL('**/genres/*');
  }));
