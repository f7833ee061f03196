// Going through the shop with scripts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announced, arrivedAt, biggestGenre, open, visit } from './visitor.mjs';

const genre = await biggestGenre();

/** Marks the document, to find out later whether it was left. */
const mark = (page) => page.evaluate(() => { window.stayed = true; });
const stayed = (page) => page.evaluate(() => window.stayed === true);

test('links change the page without leaving the document', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await mark(page);
    await page.click('.sections >> text=Genres');
    await arrivedAt(page, 'Genres');
    await announced(page, 'Genres · Music Store');
    assert.equal(await page.title(), 'Genres · Music Store');
    assert.equal(await page.getAttribute('link[rel=canonical]', 'href').then((href) => new URL(href).pathname), '/genres');
    await page.click(`.genre-card h2 >> text="${genre.name}"`);
    await arrivedAt(page, genre.name);
    await page.locator('.card-link').first().click();
    await page.waitForURL('**/albums/*');
    await page.locator('h1:focus').waitFor();
    assert.equal(await page.evaluate(() => scrollY), 0);
    assert.ok(await stayed(page));
  }));

test('Back and Forward show the page, its title and where it was scrolled to', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await mark(page);
    const card = page.locator('.band .card-link').last();
    await card.scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate(() => scrollY);
    assert.ok(scrolled > 200);
    await card.click();
    await page.waitForURL('**/albums/*');
    await page.locator('.album h1:focus').waitFor();
    const album = await page.title();
    await page.goBack();
    await page.locator('.hero').waitFor();
    await page.waitForFunction((y) => Math.abs(scrollY - y) < 5, scrolled);
    assert.match(await page.title(), /^Music Store:/);
    await page.goForward();
    await page.locator('.album').waitFor();
    await page.waitForFunction((title) => document.title === title, album);
    assert.ok(await stayed(page));
  }));

test('Back works after the link that skips to the content', () =>
  visit({}, async (page) => {
    await open(page, '/genres');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/genres#main');
    await page.click('.logo');
    await page.locator('.hero').waitFor();
    await page.evaluate(() => history.go(-2));
    await page.locator('.genre-list').waitFor();
    assert.equal(new URL(page.url()).pathname, '/genres');
  }));

test('a filter is in the address, and a mistake in it gets the focus', () =>
  visit({ expected: [422] }, async (page) => {
    await open(page, `/genres/${genre.slug}`);
    await page.selectOption('#sort', 'title');
    await page.click('#filter >> text=Apply');
    await page.waitForURL('**?sort=title');
    await announced(page, `${genre.total} albums`);
    await page.fill('#min', 'cheap');
    await page.click('#filter >> text=Apply');
    await page.locator('#min[aria-invalid=true]:focus').waitFor();
    await announced(page, await page.locator('#min-error').textContent());
    assert.equal(await page.inputValue('#min'), 'cheap');
    assert.equal(await page.inputValue('#sort'), 'title');
  }));

test('a link to the page that is shown makes no second entry', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await page.click('.sections >> text=Genres');
    await arrivedAt(page, 'Genres');
    const entries = await page.evaluate(() => history.length);
    await page.evaluate(() => document.querySelector('h1').remove());
    await page.click('.sections >> text=Genres');
    await arrivedAt(page, 'Genres');
    assert.equal(await page.evaluate(() => history.length), entries);
    await page.goBack();
    await page.locator('.hero').waitFor();
  }));

test('what machines read follows the page', () =>
  visit({}, async (page) => {
    const said = () =>
      page.evaluate(() => [...document.head.querySelectorAll('[property^="og:"], [type="application/ld+json"]')].map((element) => element.outerHTML).sort());
    await open(page, `/genres/${genre.slug}`);
    await page.locator('.card-link').first().click();
    await page.locator('.album h1:focus').waitFor();
    const followed = await said();
    await page.reload();
    assert.deepEqual(followed, await said());
  }));

test('a cover that cannot be fetched leaves a blank sleeve', () =>
  visit({ silent: false }, async (page) => {
    await page.route('**/covers/**', (route) => route.abort());
    await open(page, `/genres/${genre.slug}`);
    await page.locator('.sleeve img.missing').first().waitFor();
  }));

test('a link that is clicked with Control opens a tab', () =>
  visit({}, async (page, context) => {
    await open(page, '/');
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      page.click('.sections >> text=Artists', { modifiers: ['Control'] }),
    ]);
    await tab.waitForURL('**/artists');
    assert.equal(new URL(page.url()).pathname, '/');
  }));

test('a page that is not there is shown as such, and leads on', () =>
  visit({ expected: [404] }, async (page) => {
    await open(page, '/');
    await page.evaluate(() => document.querySelector('.sections a').setAttribute('href', '/nowhere'));
    await page.locator('.sections a').first().click();
    await arrivedAt(page, 'not on our shelves');
    assert.equal(new URL(page.url()).pathname, '/nowhere');
    assert.equal(await page.getAttribute('meta[name=robots]', 'content'), 'noindex');
    await page.click('text=Browse the shelves');
    await arrivedAt(page, 'Genres');
    assert.equal(await page.locator('meta[name=robots]').count(), 0);
  }));
