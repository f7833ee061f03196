// Without a pointer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivedAt, biggestGenre, open, visit } from './visitor.mjs';

const genre = await biggestGenre();
const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

test('the first key leads to the content', () =>
  visit({}, async (page) => {
    await open(page, '/genres');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to the content');
    assert.ok(await page.locator('.skip').isVisible());
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
  }));

test('the menu opens, closes with Escape, and leads to a genre', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await page.focus('.more summary');
    await page.keyboard.press('Enter');
    await page.locator('.more[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.more:not([open]) summary:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const name = await focused(page);
    await page.keyboard.press('Enter');
    await arrivedAt(page, name);
    assert.equal(await page.locator('.more[open]').count(), 0);
  }));

test('the menu closes when the focus leaves it, and Escape elsewhere leaves the focus alone', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await page.click('.more summary');
    await page.locator('.more[open]').waitFor();
    await page.focus('.logo');
    await page.locator('.more:not([open])').waitFor({ state: 'attached' });
    await page.evaluate(() => { document.querySelector('.more').open = true; });
    await page.keyboard.press('Escape');
    await page.locator('.more:not([open])').waitFor({ state: 'attached' });
    assert.ok(await page.evaluate(() => document.activeElement.matches('.logo')));
  }));

test('after a page has changed the next key goes on from its heading', () =>
  visit({}, async (page) => {
    await open(page, '/genres');
    await page.focus(`.genre-card[data-genre="${genre.slug}"] a`);
    await page.keyboard.press('Enter');
    await arrivedAt(page, genre.name);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'sort');
  }));

test('whatever has the focus shows it', () =>
  visit({}, async (page) => {
    await open(page, `/genres/${genre.slug}`);
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const ring = await page.evaluate(() => {
        const chain = [document.activeElement, document.activeElement.closest('.genre-card')];
        return chain.some((element) => element && getComputedStyle(element).outlineStyle !== 'none');
      });
      assert.ok(ring, await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)));
    }
  }));
