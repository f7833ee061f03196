// What can be measured of how pages look: accessibility, width, stillness.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { assertLooks, look, sideways, violations } from './looks.mjs';
import { DESKTOP, PHONE, biggestGenre, open, shop, visit } from './visitor.mjs';

const { name, slug, album } = await biggestGenre();
const PAGES = {
  home: '/',
  genres: '/genres',
  genre: `/genres/${slug}`,
  'last page of a genre': `/genres/${slug}?page=2`,
  'filter with mistakes': `/genres/${slug}?min=abc&max=1.234`,
  'filter without a match': `/genres/${slug}?min=99999`,
  album: `/albums/${album.slug}`,
  artists: '/artists',
  artist: `/artists/${album.artist.slug}`,
  search: `/search?q=${encodeURIComponent(name)}`,
  'search with filters': `/search?q=${encodeURIComponent(name)}&genre=${slug}&max=99`,
  'search with mistakes': `/search?q=a&genre=polka&decade=1993&min=9&max=5`,
  'search without a match': '/search?q=zzyzx',
  'search with filters without a match': `/search?q=${encodeURIComponent(name)}&min=99999`,
  'start of a search': '/search',
  'not found': '/nowhere',
};

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: axe finds nothing, light and dark, and nothing sticks out`, () =>
    visit({ reducedMotion: 'reduce', expected: [404, 422] }, async (page) => {
      await look(page, path);
      await assertLooks(page);
    }));

  test(`${name}: nothing moves while it loads`, () =>
    visit({ viewport: { width: 375, height: 800 }, expected: [404, 422] }, async (page) => {
      await assertStill(page, path);
    }));
}

for (const place of ['<form id="search-box"', '<div id="corner"', '<a id="cart-link"', '<summary>More']) {
  test(`nothing moves where a page comes in two pieces: ${place}`, async () => {
    assert.ok((await (await fetch(`${shop}/artists`)).text()).includes(place), 'there is nothing to cut at');
    const slow = await inPieces(place);
    try {
      for (const viewport of [DESKTOP, PHONE]) {
        await visit({ viewport, baseURL: slow.address }, (page) => assertStill(page, '/artists'));
      }
    } finally {
      slow.end();
    }
  });
}

/** Fails where something that the page shows is moved while it loads. */
async function assertStill(page, path) {
  await page.addInitScript(() => {
    window.shifts = [];
    const add = (list) => window.shifts.push(...list.getEntries().map(({ value, sources }) => ({ value, moved: sources.map(({ node }) => node?.className) })));
    new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
  });
  await look(page, path);
  const shifts = await page.evaluate(() => window.shifts);
  assert.ok(shifts.reduce((sum, { value }) => sum + value, 0) < 0.01, JSON.stringify(shifts));
}

/** The shop over a line that stops for a while when `place` of a page is reached. */
async function inPieces(place) {
  const server = createServer(async (request, response) => {
    const answer = await fetch(shop + request.url);
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') });
    const half = body.indexOf(place);
    if (half > 0) {
      response.write(body.subarray(0, half));
      await setTimeout(500);
    }
    response.end(body.subarray(Math.max(half, 0)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { address: `http://127.0.0.1:${server.address().port}`, end: () => server.close().closeAllConnections() };
}

test('the open menu is accessible and fits', () =>
  visit({ viewport: PHONE }, async (page) => {
    await page.goto('/');
    await page.click('.more summary');
    assert.deepEqual(await violations(page), []);
    const box = await page.locator('.more > ul').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width, JSON.stringify(box));
  }));

for (const [name, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`the open suggestions are accessible and fit: ${name}`, () =>
    visit({ viewport, reducedMotion: 'reduce' }, async (page) => {
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await open(page, '/');
        await page.locator('#q').pressSequentially(album.artist.name.slice(0, 3));
        await page.locator('#q[aria-expanded=true]').waitFor();
        await page.keyboard.press('ArrowDown');
        await page.locator('.suggestion[aria-selected=true]').waitFor();
        assert.deepEqual(await violations(page), [], colorScheme);
        const box = await page.locator('#suggestions').boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, JSON.stringify(box));
      }
    }));

  test(`what can be filtered is accessible and fits: ${name}`, () =>
    visit({ viewport, reducedMotion: 'reduce' }, async (page) => {
      await page.goto(`/search?q=a&genre=${slug}`);
      await page.evaluate(() => { document.querySelector('.refine').open = true; });
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(await page.evaluate(sideways), { scrolled: 0, wide: [] });
    }));
}

for (const width of [320, 375, 640, 768]) {
  test(`the rest of the genres and the one that is shown are in sight at ${width} px`, () =>
    visit({ viewport: { width, height: 640 } }, async (page) => {
      await page.goto('/genres');
      const last = await page.locator('.genre-menu > ul > li > a').last().getAttribute('href');
      await page.goto(last);
      const [summary, current] = await Promise.all(
        ['.more summary', '.genre-menu > ul > li > [aria-current]'].map((selector) => page.locator(selector).boundingBox()),
      );
      assert.ok(summary.x + summary.width <= width, JSON.stringify(summary));
      assert.ok(current.x >= 0 && current.x + current.width <= summary.x, JSON.stringify(current));
    }));
}
