// Finding something by typing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, announced, arrivedAt, biggestGenre, open, shop, visit } from './visitor.mjs';

const genre = await biggestGenre();
const words = genre.albums.nodes.flatMap(({ artist }) => artist.name.match(/\p{L}+/gu) ?? []);
const word = words.reduce((one, other) => (other.length > one.length ? other : one));
assert.ok(word.length > 5, 'a typo needs a long word');
const begun = word.slice(0, 4);
const mistyped = `${word.slice(0, 3)}${word[3] === 'x' ? 'z' : 'x'}${word.slice(4)}`;
const SUGGESTIONS = '**/search/suggestions?*';

const field = (page) => page.locator('#q');
const options = (page) => page.locator('#suggestions [role=option]');
const active = (page) => page.locator('#suggestions [aria-selected=true]');
const search = (query) => `/search?${new URLSearchParams({ q: query })}`;
const query = (page) => new URL(page.url()).searchParams.get('q');
/** Waits until whatever was answered before has reached the page. */
const settle = (page) => page.evaluate(() => fetch('/livez').then((answer) => answer.text()));

async function type(page, text) {
  await field(page).pressSequentially(text);
}

/** Types into the field of a page other than the search, and waits for the suggestions. */
async function openSuggestions(page, text) {
  await type(page, text);
  await page.locator('#q[aria-expanded=true]').waitFor();
}

/** Holds back the answers to requests that `isHeld` picks, until `release` is called. */
async function hold(page, pattern, isHeld) {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  const done = [];
  await page.route(pattern, async (route) => {
    if (!isHeld(new URL(route.request().url()))) return route.continue();
    const answer = released.then(() => route.continue()).catch(() => {});
    done.push(answer);
    return answer;
  });
  return async () => {
    release();
    await Promise.all(done);
    await settle(page);
  };
}

test('the field is as wide as the page on a phone', () =>
  visit({ viewport: PHONE }, async (page) => {
    await page.goto('/');
    const { width } = await field(page).boundingBox();
    assert.ok(width > PHONE.width * 0.8, `${width} px`);
  }));

test('without scripts a search is a form, and facets, order and pages are links and forms', () =>
  visit({ javaScriptEnabled: false, expected: [422] }, async (page) => {
    await page.goto('/');
    assert.equal(await page.locator('[role=combobox]').count(), 0);
    await field(page).fill(genre.name);
    await page.click('.search-go');
    await page.waitForURL(`**${search(genre.name)}`);
    assert.match(await page.locator('h1').textContent(), /^\d+ albums for/);
    const all = await page.locator('h1').textContent();

    await page.locator('.facet-group ul').last().locator('.facet').first().click();
    await page.waitForURL('**&*=*');
    assert.equal(await page.locator('.chosen .chip').count(), 1);
    assert.notEqual(await page.locator('h1').textContent(), all);
    await page.click('.chosen .chip');
    assert.equal(await page.locator('h1').textContent(), all);

    await page.selectOption('#sort', '-title');
    await page.fill('#min', 'much');
    await page.click('#filter >> text=Apply');
    assert.match(await page.locator('#min-error').textContent(), /Enter a price/);
    assert.equal(await page.inputValue('#min'), 'much');
    assert.equal(await page.inputValue('#q'), genre.name);
    await page.click('text=Clear prices');
    await page.click('.load-more');
    await page.waitForURL('**page=2');
    assert.ok((await page.locator('.card').count()) > 0);
  }));

test('suggestions are walked through with the keys, said, and lead on', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await field(page).focus();
    await openSuggestions(page, begun);
    const count = await options(page).count();
    assert.ok(count > 1, 'there is something besides all results');
    await announced(page, count === 2 ? '1 suggestion' : `${count - 1} suggestions`);
    assert.equal(await field(page).getAttribute('aria-controls'), await page.locator('[role=listbox]').getAttribute('id'));
    assert.equal(await active(page).count(), 0);

    const at = async (key, index) => {
      await page.keyboard.press(key);
      const id = index < 0 ? null : await options(page).nth(index).getAttribute('id');
      assert.equal(await field(page).getAttribute('aria-activedescendant'), id, key);
      assert.equal(await active(page).count(), index < 0 ? 0 : 1, key);
      assert.ok(await field(page).evaluate((input) => input === document.activeElement), key);
    };
    await at('ArrowDown', 0);
    await at('ArrowDown', 1);
    await at('End', count - 1);
    await at('ArrowDown', -1);
    await at('ArrowUp', count - 1);
    await at('Home', 0);
    await at('ArrowUp', -1);

    await page.keyboard.press('Escape');
    await page.locator('#q[aria-expanded=false]').waitFor();
    assert.equal(await field(page).inputValue(), begun);
    await page.keyboard.press('ArrowDown');
    await page.locator('#q[aria-expanded=true]').waitFor();
    await page.keyboard.press('ArrowDown');
    const href = await active(page).getAttribute('href');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${href}`);
    await page.locator('h1:focus').waitFor();
    assert.equal(await page.locator('#q[aria-expanded=true]').count(), 0);
  }));

test('a key that asks for suggestions before the pause is over asks once', () =>
  visit({}, async (page) => {
    await open(page, '/');
    let asked = 0;
    await page.route(SUGGESTIONS, (route) => { asked += 1; return route.continue(); });
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await type(page, begun);
    await page.keyboard.press('ArrowDown');
    await page.locator('#q[aria-expanded=true]').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.clock.fastForward(60_000);
    await settle(page);
    assert.equal(asked, 1);
    assert.equal(await active(page).count(), 1);
  }));

test('Escape closes the suggestions, then clears the field', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await openSuggestions(page, begun);
    await page.keyboard.press('Escape');
    await page.locator('#q[aria-expanded=false]').waitFor();
    assert.ok(await page.locator('#suggestions').isHidden());
    await page.keyboard.press('Escape');
    assert.equal(await field(page).inputValue(), '');
  }));

test('Enter without a chosen suggestion searches for what was typed', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await openSuggestions(page, word);
    await page.keyboard.press('Enter');
    await arrivedAt(page, word);
    assert.equal(query(page), word);
    assert.match(await page.title(), new RegExp(`^\\d+ albums? for “${word}” · Music Store$`));
    assert.equal(await field(page).inputValue(), word);
  }));

test('suggestions can be clicked, and come again on the next page and after Back', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await openSuggestions(page, begun);
    const href = await options(page).first().getAttribute('href');
    await options(page).first().click();
    await page.waitForURL(`**${href}`);
    await page.locator('h1:focus').waitFor();
    await openSuggestions(page, begun);
    assert.ok((await options(page).count()) > 1);
    await page.goBack();
    await page.locator('.hero').waitFor();
    assert.ok(await page.locator('#suggestions').isHidden());
    assert.equal(await field(page).inputValue(), begun);
    await field(page).fill('');
    await openSuggestions(page, begun);
    await options(page).last().click();
    await arrivedAt(page, begun);
  }));

test('suggestions close when the field is left, and do not open afterwards', () =>
  visit({}, async (page) => {
    await open(page, '/');
    await openSuggestions(page, begun);
    await page.keyboard.press('Tab');
    await page.locator('#q[aria-expanded=false]').waitFor();
    const release = await hold(page, SUGGESTIONS, () => true);
    const asked = page.waitForRequest(SUGGESTIONS);
    await type(page, word.slice(4));
    await asked;
    await page.locator('.logo').focus();
    await release();
    assert.ok(await page.locator('#suggestions').isHidden());
  }));

test('a late answer never replaces the suggestions for what was typed since', () =>
  visit({}, async (page) => {
    await open(page, '/');
    const release = await hold(page, SUGGESTIONS, (url) => url.searchParams.get('q') === begun);
    const first = page.waitForRequest(SUGGESTIONS);
    await type(page, begun);
    await first;
    await openSuggestions(page, word.slice(4));
    const shown = await page.locator('#suggestions').innerHTML();
    await release();
    assert.equal(await page.locator('#suggestions').innerHTML(), shown);
    assert.ok((await options(page).last().textContent()).includes(word));
  }));

test('blanks are not worth a suggestion', () =>
  visit({}, async (page) => {
    await open(page, '/');
    let asked = 0;
    await page.route(SUGGESTIONS, (route) => { asked += 1; return route.continue(); });
    await type(page, '   ');
    await page.keyboard.press('ArrowDown');
    await openSuggestions(page, begun);
    assert.equal(asked, 1);
  }));

test('suggestions that cannot be fetched are not missed', () =>
  visit({ expected: [503] }, async (page) => {
    await open(page, '/');
    await page.route(SUGGESTIONS, (route) => route.fulfill({ status: 503, body: 'away' }));
    const failed = page.waitForResponse(SUGGESTIONS);
    await type(page, begun);
    await failed;
    await settle(page);
    assert.ok(await page.locator('#suggestions').isHidden());
    assert.equal(await page.locator('#announcer[data-tone]').count(), 0);
    await page.keyboard.press('Enter');
    await arrivedAt(page, begun);
  }));

test('results follow what is typed; the address can be shared, and Back leads to what was there before', () =>
  visit({}, async (page) => {
    await open(page, '/genres');
    await page.locator('.logo').click();
    await page.locator('.hero').waitFor();
    await field(page).fill(begun);
    await page.keyboard.press('Enter');
    await arrivedAt(page, begun);
    const entries = await page.evaluate(() => history.length);
    await field(page).focus();
    await page.keyboard.press('End');
    for (const letter of word.slice(4)) {
      await type(page, letter);
      await page.waitForURL(`**${search(await field(page).inputValue())}`);
    }
    await page.locator('h1', { hasText: word }).waitFor();
    await announced(page, `for “${word}”`);
    assert.equal(await page.locator('[role=combobox], #suggestions').count(), 0);
    assert.deepEqual(await field(page).evaluate((input) => [input === document.activeElement, input.selectionStart]), [true, word.length]);
    assert.equal(await page.evaluate(() => history.length), entries + 1, 'one entry for all that is typed');

    const found = await page.locator('.card').evaluateAll((cards) => cards.map((card) => card.id));
    const [title, heading] = [await page.title(), await page.locator('h1').textContent()];
    await page.reload();
    assert.deepEqual(await page.locator('.card').evaluateAll((cards) => cards.map((card) => card.id)), found);
    assert.deepEqual([await page.title(), await page.locator('h1').textContent()], [title, heading]);
    await page.goBack();
    await page.locator('h1', { hasText: `“${begun}”` }).waitFor();
    assert.equal(await field(page).inputValue(), begun);
    await page.goBack();
    await page.locator('.hero').waitFor();
    await page.goForward();
    await page.goForward();
    await page.locator('h1', { hasText: word }).waitFor();
    assert.equal(await field(page).inputValue(), word);
  }));

test('a search that was come back to stays where Back leads', () =>
  visit({}, async (page) => {
    await open(page, '/search');
    await type(page, word);
    await page.waitForURL(`**${search(word)}`);
    await page.goBack();
    await page.locator('h1', { hasText: 'looking for' }).waitFor();
    assert.equal(await field(page).inputValue(), '');
    await page.goForward();
    await page.locator('h1', { hasText: word }).waitFor();
    await field(page).fill(begun);
    await page.waitForURL(`**${search(begun)}`);
    await page.locator('.card-link').first().click();
    await page.waitForURL('**/albums/*');
    for (const text of [begun, word]) {
      await page.goBack();
      await page.locator('h1', { hasText: `“${text}”` }).waitFor();
      assert.equal(await field(page).inputValue(), text);
    }
  }));

test('what was typed to leave a search is not in its field when it is come back to', () =>
  visit({}, async (page) => {
    await open(page, search(begun));
    await field(page).fill(word);
    await page.keyboard.press('Enter');
    await arrivedAt(page, `“${word}”`);
    await page.goBack();
    await page.locator('h1', { hasText: `“${begun}”` }).waitFor();
    assert.equal(await field(page).inputValue(), begun);
    await field(page).fill('');
    await page.locator('.card-link').first().click();
    await page.waitForURL('**/albums/*');
    await page.goBack();
    await page.locator('h1', { hasText: `“${begun}”` }).waitFor();
    assert.equal(await field(page).inputValue(), begun);
    await page.fill('#min', '1');
    await page.click('#filter >> text=Apply');
    await page.waitForURL('**min=1*');
    await page.goBack();
    await page.locator('#min:not([value="1"])').waitFor();
    assert.equal(await page.locator('#min').inputValue(), '');
  }));

test('a search that goes on from Back shows what is in its field', () =>
  visit({}, async (page) => {
    await open(page, search(begun));
    await type(page, 'zzzz');
    await page.locator('h1', { hasText: 'zzzz' }).waitFor();
    await field(page).fill(word);
    await page.locator('h1', { hasText: word }).waitFor();
    await page.waitForURL(`**${search(word)}`);
    await page.locator('.card-link').first().click();
    await page.waitForURL('**/albums/*');
    await page.locator('h1:focus').waitFor();
    await page.goBack();
    await page.locator('h1', { hasText: word }).waitFor();
    assert.equal(await field(page).inputValue(), word);
    await field(page).fill('');
    await page.locator('h1', { hasText: 'looking for' }).waitFor();
    await page.waitForURL('**/search');
  }));

test('late results never replace those for what was typed since', () =>
  visit({}, async (page) => {
    await open(page, '/search');
    const release = await hold(page, '**/search?*', (url) => url.searchParams.get('q') === begun);
    const first = page.waitForRequest((request) => request.url().endsWith(search(begun)));
    await type(page, begun);
    await first;
    await type(page, word.slice(4));
    await page.locator('h1', { hasText: word }).waitFor();
    await release();
    assert.ok((await page.locator('h1').textContent()).includes(`“${word}”`));
    assert.equal(query(page), word);
  }));

test('results that come when another page is shown already are dropped', () =>
  visit({}, async (page) => {
    await open(page, '/search');
    const release = await hold(page, '**/search?*', () => true);
    const asked = page.waitForRequest('**/search?*');
    await type(page, begun);
    await asked;
    await page.click('.sections >> text=Genres');
    await arrivedAt(page, 'Genres');
    await release();
    assert.equal(new URL(page.url()).pathname, '/genres');
    assert.equal(await page.title(), 'Genres · Music Store');
  }));

test('results that cannot be fetched leave the others, and that is said', () =>
  visit({ expected: [503] }, async (page) => {
    await open(page, search(begun));
    const before = await page.locator('#found').innerHTML();
    const fail = (route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<html><body>away</body></html>' });
    await page.route('**/search?*', fail);
    await field(page).fill(word);
    await page.locator('#announcer[data-tone=problem]', { hasText: 'try again' }).waitFor();
    assert.equal(await page.locator('#found').innerHTML(), before);
    assert.equal(query(page), begun);
    await page.unroute('**/search?*');
    await page.keyboard.press('Enter');
    await arrivedAt(page, word);
  }));

test('facets narrow the search, can be taken back, and stay while something else is typed', () =>
  visit({}, async (page) => {
    await open(page, search(genre.name));
    const all = await page.locator('h1').textContent();
    const facet = page.locator('.facet').last();
    const count = await facet.locator('.facet-count').textContent();
    await facet.click();
    await arrivedAt(page, `${count} albums for`);
    await announced(page, `${count} albums for`);
    assert.equal(await page.locator('.facet[aria-current]').count(), 1);
    const filters = (url) => [...new URL(url).searchParams].filter(([name]) => name !== 'q');
    const chosen = filters(page.url());
    assert.ok(chosen.length > 0);
    await type(page, 'zzzz');
    await page.locator('h1', { hasText: 'Nothing with these filters' }).waitFor();
    await page.waitForURL('**zzzz*');
    assert.deepEqual(filters(page.url()), chosen);
    assert.equal(await page.locator('.facet[aria-current] .facet-count').textContent(), '0');
    await page.goBack();
    await page.locator('h1', { hasText: `${count} albums for` }).waitFor();
    assert.equal(await page.locator('.facet[aria-current]').count(), 1);
    await page.goBack();
    await page.locator('h1', { hasText: all }).waitFor();
    assert.equal(await page.locator('.chosen').count(), 0);
  }));

test('a typo is asked about', () =>
  visit({}, async (page) => {
    await open(page, search(mistyped));
    await page.click('.did-you-mean a');
    await arrivedAt(page, word.toLowerCase());
    assert.equal(query(page).toLowerCase(), word.toLowerCase());
    assert.ok((await page.locator('.card mark').count()) > 0);
  }));

test('a mistake in the prices gets the focus and is said', () =>
  visit({ expected: [422] }, async (page) => {
    await open(page, search(genre.name));
    await page.fill('#min', '9');
    await page.fill('#max', '5');
    await page.click('#filter >> text=Apply');
    await page.locator('#max[aria-invalid=true]:focus').waitFor();
    await announced(page, 'must not be below');
    await page.fill('#max', '20');
    await page.click('#filter >> text=Apply');
    await arrivedAt(page, 'for “');
    assert.deepEqual([...new URL(page.url()).searchParams], [['q', genre.name], ['min', '9'], ['max', '20']]);
  }));

test('what is filtered can be opened on a phone', () =>
  visit({ viewport: { width: 375, height: 700 } }, async (page) => {
    await open(page, search(genre.name));
    assert.ok(await page.locator('.facet').first().isHidden());
    await page.click('.refine > summary');
    await page.locator('.facet').first().click();
    await page.locator('.chosen .chip').waitFor();
    assert.ok(await page.locator('.facet').first().isHidden());
  }));

test('more results come below the others', () =>
  visit({}, async (page) => {
    await open(page, search(genre.name));
    await page.click('.load-more');
    await page.locator('#page-2 .card-link:focus').waitFor();
    assert.equal(page.url(), `${shop}${search(genre.name)}&page=2`);
  }));
