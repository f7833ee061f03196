// How much is transferred.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { biggestGenre, open, visit } from './visitor.mjs';

const { name, slug, album } = await biggestGenre();
const search = `/search?q=${encodeURIComponent(name)}`;
const PAGES = ['/', '/genres', `/genres/${slug}`, `/albums/${album.slug}`, '/artists', `/artists/${album.artist.slug}`, search];

/** Notes down the sizes of all answers but pictures, as they come over the wire. */
function weigh(page) {
  const sizes = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'image' || new URL(request.url()).pathname.startsWith('/covers/')) return;
    const size = request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize);
    // One that ends when nobody weighs any more goes down with the page.
    size.catch(() => {});
    sizes.push(size);
  });
  return async () => (await Promise.all(sizes.splice(0))).reduce((sum, size) => sum + size, 0);
}

for (const path of PAGES) {
  test(`${path}: under 40 kB at the first visit`, () =>
    visit({}, async (page) => {
      const weight = weigh(page);
      await open(page, path);
      const bytes = await weight();
      console.log(`${path}: ${bytes} bytes at the first visit`);
      assert.ok(bytes > 10_000 && bytes < 40_000, `${bytes} bytes`);
    }));
}

test('the next page is under 10 kB', () =>
  visit({}, async (page) => {
    await open(page, '/');
    const weight = weigh(page);
    for (const [link, heading] of [['.sections a[href="/genres"]', 'Genres'], ['.sections a[href="/artists"]', 'Artists'], ['.logo', 'Records']]) {
      await Promise.all([page.waitForEvent('requestfinished', (request) => request.resourceType() === 'fetch'), page.click(link)]);
      await page.locator('h1:focus', { hasText: heading }).waitFor();
      const bytes = await weight();
      console.log(`${heading}: ${bytes} bytes as the next page`);
      assert.ok(bytes > 500 && bytes < 10_000, `${heading}: ${bytes} bytes`);
    }
  }));

test('what is shown while somebody types is under 10 kB each time', () =>
  visit({}, async (page) => {
    await open(page, '/');
    const weight = weigh(page);
    const type = async (path, text) => {
      await Promise.all([page.waitForEvent('requestfinished', (request) => request.url().includes(path)), page.locator('#q').fill(text)]);
      const bytes = await weight();
      console.log(`${path}: ${bytes} bytes while typing`);
      assert.ok(bytes > 500 && bytes < 10_000, `${path}: ${bytes} bytes`);
    };
    await type('/search/suggestions?', name.slice(0, 3));
    await page.locator('#q[aria-expanded=true]').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('h1:focus', { hasText: name.slice(0, 3) }).waitFor();
    await weight();
    await type('/search?', name);
  }));
