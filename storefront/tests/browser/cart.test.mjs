// The cart while scripts run: without leaving the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cartSays, genre, putIn } from './customer.mjs';
import { PHONE, announced, arrivedAt, open, visit } from './visitor.mjs';

const { album } = genre;

test('an album goes into the cart without leaving its page, and the change is said', () =>
  visit({}, async (page) => {
    await open(page, `/albums/${album.slug}`);
    await page.evaluate(() => { window.stayed = true; });
    await page.fill('#quantity', '3');
    await page.click('#add-to-cart button');
    await announced(page, `Added: ${album.title}. 3 in the cart.`);
    assert.ok(await page.locator('#announcer').isVisible());
    await cartSays(page, 'Cart, 3 copies');
    assert.equal(await page.getAttribute('#cart-link', 'title'), album.title);
    assert.ok(await page.evaluate(() => window.stayed && document.activeElement.matches('#add-to-cart button')));
    assert.equal(new URL(page.url()).pathname, `/albums/${album.slug}`);
  }));

test('a quantity that cannot be is said in the form, which has the focus and goes on working', () =>
  visit({ expected: [422] }, async (page) => {
    await open(page, `/albums/${album.slug}`);
    for (const typed of ['x', '100']) {
      await page.fill('#quantity', typed);
      await page.click('#add-to-cart button');
      await page.locator('#quantity[aria-invalid=true]:focus').waitFor();
      await announced(page, await page.locator('#quantity-error').textContent());
      assert.equal(await page.inputValue('#quantity'), typed);
    }
    await page.fill('#quantity', '2');
    await page.click('#add-to-cart button');
    await cartSays(page, 'Cart, 2 copies');
  }));

test('a card puts its album into the cart, or says why not', () =>
  visit({ expected: [422] }, async (page) => {
    await putIn(page, 0, 99);
    await open(page, `/genres/${genre.slug}`);
    await page.locator('.card-add').nth(1).click();
    await cartSays(page, 'Cart, 100 copies');
    await page.click(`.card-add[aria-label="Add ${album.title} to the cart"]`);
    await page.locator('#announcer[data-tone=problem]').waitFor();
    await cartSays(page, 'Cart, 100 copies');
  }));

test('the cart opens in short by mouse and by keyboard, and Escape leads back', () =>
  visit({}, async (page) => {
    await putIn(page, 0, 2);
    await open(page, '/genres');
    const link = page.locator('#cart-link[role=button]');
    await link.click();
    await page.locator('#mini-cart .mini-title:focus').waitFor();
    assert.equal(await link.getAttribute('aria-expanded'), 'true');
    assert.equal(new URL(page.url()).pathname, '/genres');
    await page.keyboard.press('Escape');
    await page.locator('#cart-link[aria-expanded=false]:focus').waitFor();
    for (const key of ['Enter', ' ']) {
      await page.keyboard.press(key);
      await page.locator('#cart-link[aria-expanded=true]').waitFor();
      await page.locator('#mini-cart a:focus').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('#cart-link[aria-expanded=false]:focus').waitFor();
    }
    await link.click();
    await page.locator('#mini-cart >> text=See the cart').click();
    await arrivedAt(page, 'Your cart');
    assert.equal(await page.locator('#mini-cart:popover-open').count(), 0);
  }));

test('the cart in short is all there on a phone, and a click beside it closes it', () =>
  visit({ viewport: PHONE }, async (page) => {
    await putIn(page, 0, 1);
    await open(page, '/');
    await page.click('#cart-link');
    await page.locator('#mini-cart .mini-title').waitFor();
    const box = await page.locator('#mini-cart').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width && box.y + box.height <= PHONE.height, JSON.stringify(box));
    await page.mouse.click(5, PHONE.height - 5);
    await page.locator('#cart-link[aria-expanded=false]').waitFor();
  }));

test('a page that is shown again has the cart of now', () =>
  visit({}, async (page) => {
    await open(page, `/genres/${genre.slug}`);
    await page.locator('.card-link').first().click();
    await page.locator('.album h1:focus').waitFor();
    await page.click('#add-to-cart button');
    await cartSays(page, 'Cart, 1 copy');
    await page.goBack();
    await page.locator('.filter').waitFor();
    await cartSays(page, 'Cart, 1 copy');
    await page.click('#cart-link');
    await page.locator('#mini-cart .mini-title').waitFor();
  }));

test('what belongs to the visitor is asked for anew when it is shown again', () =>
  visit({}, async (page, context) => {
    await putIn(page, 0, 1);
    await open(page, '/cart');
    await page.click('.logo');
    await page.locator('.hero').waitFor();
    await context.clearCookies();
    await page.goBack();
    await page.locator('.empty').waitFor();
  }));

test('two tabs change one cart', () =>
  visit({}, async (page, context) => {
    await putIn(page, 0, 1);
    const other = await context.newPage();
    await other.goto('/cart');
    await page.fill('.quantity', '5');
    await page.click('.line-quantity button');
    await cartSays(page, 'Cart, 5 copies');
    await other.click('text=Remove');
    await cartSays(other, 'Cart, empty');
    await page.click('text=One less');
    await cartSays(page, 'Cart, empty');
  }));
