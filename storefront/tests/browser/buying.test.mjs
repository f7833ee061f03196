// The walk from the shelf to "thank you": as a guest who becomes a customer, and as one who comes back; with scripts and without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomeCustomer, cartSays, fillIn, freshAddress, mailedLink, placeOrder, putIn, signIn } from './customer.mjs';
import { visit } from './visitor.mjs';

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts' : 'without scripts';

  test(`a guest fills a cart, becomes a customer at the checkout, and orders: ${how}`, () =>
    visit({ javaScriptEnabled, expected: [422] }, async (page) => {
      const email = freshAddress();
      await putIn(page, 0, 2);
      await putIn(page, 1, 1);
      await page.click('text=Go to the checkout');
      await page.waitForURL('**/sign-in?return=%2Fcheckout');
      await page.click('text=Make an account');
      await page.waitForURL('**/sign-up');
      await becomeCustomer(page, email);
      await cartSays(page, 'Cart, 3 copies');

      await page.click('text=Go to the checkout');
      await page.locator('h1', { hasText: 'Checkout' }).waitFor();
      assert.equal(await page.inputValue('#email'), email);
      await fillIn(page);
      await page.fill('#promotionCode', 'nope');
      await page.click('text=Apply');
      await page.locator('#promotionCode-error').waitFor();
      assert.equal(await page.inputValue('#city'), 'London');
      await page.fill('#promotionCode', 'free');
      await page.click('text=Apply');
      await page.locator('.sums-discount').waitFor();
      assert.match(await page.locator('.sums-total dd').textContent(), /0\.00/);

      const number = await placeOrder(page);
      await cartSays(page, 'Cart, empty');
      await mailedLink(page, number, '/orders/');
      await page.click('text=All your orders');
      await page.locator('.order-card', { hasText: number }).waitFor();
    }));

  test(`a customer comes back, signs in at the checkout, and pays by invoice: ${how}`, () =>
    visit({ javaScriptEnabled }, async (page, context) => {
      const email = freshAddress();
      await becomeCustomer(page, email);
      await context.clearCookies();
      await putIn(page, 2, 1);
      await page.click('text=Go to the checkout');
      await page.waitForURL('**/sign-in?return=%2Fcheckout');
      await signIn(page, email);
      await page.waitForURL('**/checkout');
      await fillIn(page);
      assert.equal(await page.locator('[name=paymentMethod]:checked').count(), 1);
      const number = await placeOrder(page);

      await page.click('.account-link');
      await page.locator('h1', { hasText: 'Your account' }).waitFor();
      await page.click(`text=${number}`);
      await page.locator('h1', { hasText: number }).waitFor();
      await page.click('.account-link');
      await page.click('main >> text="Sign out"');
      await page.locator('.notice', { hasText: 'You are signed out.' }).waitFor();
      assert.equal(await page.locator('.account-word').textContent(), 'Sign in');
    }));

  test(`a checkout with everything wrong comes back with every message, and the first mistake has the focus: ${how}`, () =>
    visit({ javaScriptEnabled, expected: [422] }, async (page) => {
      await becomeCustomer(page, freshAddress());
      await putIn(page, 0, 1);
      await page.goto('/checkout');
      await page.fill('#postalCode', '12');
      await page.fill('#email', 'nobody');
      await page.click('#checkout >> text=Place the order');
      await page.locator('#firstName[aria-invalid=true]:focus').waitFor();
      const wrong = await page.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => field.id));
      assert.deepEqual(wrong, ['firstName', 'lastName', 'address', 'postalCode', 'city', 'country', 'email']);
      assert.equal(await page.inputValue('#postalCode'), '12');
      assert.equal(new URL(page.url()).pathname, '/checkout');
      await fillIn(page);
      await page.fill('#email', 'ada@example.com');
      await placeOrder(page);
    }));

  test(`a session that ends at the checkout leads to the sign-in and back, with the cart: ${how}`, () =>
    visit({ javaScriptEnabled }, async (page, context) => {
      const email = freshAddress();
      await becomeCustomer(page, email);
      await putIn(page, 0, 2);
      await page.goto('/checkout');
      await fillIn(page);
      await context.clearCookies();
      await page.click('#checkout >> text=Place the order');
      await page.waitForURL('**/sign-in?return=%2Fcheckout');
      await signIn(page, email);
      await page.waitForURL('**/checkout');
      await cartSays(page, 'Cart, 2 copies');
    }));

  test(`a quantity that cannot be is said next to its field: ${how}`, () =>
    visit({ javaScriptEnabled, expected: [422] }, async (page) => {
      await putIn(page, 0, 1);
      for (const typed of ['0', '100', 'x']) {
        await page.fill('.quantity', typed);
        await page.click('.line-quantity button');
        await page.locator('.quantity[aria-invalid=true]:focus').waitFor();
        assert.equal(await page.inputValue('.quantity'), typed);
      }
      await page.fill('.quantity', '7');
      await page.click('.line-quantity button');
      await cartSays(page, 'Cart, 7 copies');
      await page.click('text=One less');
      await cartSays(page, 'Cart, 6 copies');
      await page.click('text=Empty the cart');
      await cartSays(page, 'Cart, empty');
    }));
}

test('two browsers of one customer see one cart', () =>
  visit({}, (laptop) =>
    visit({}, async (phone) => {
      const email = freshAddress();
      await becomeCustomer(laptop, email);
      await phone.goto('/sign-in');
      await signIn(phone, email);
      await putIn(laptop, 0, 1);
      await putIn(phone, 1, 2);
      await laptop.reload();
      await cartSays(laptop, 'Cart, 3 copies');
      await phone.locator('.line-changes >> text=Remove').first().click();
      await cartSays(phone, 'Cart, 2 copies');
      // The line that the other browser still shows is gone; the rest can be ordered.
      await laptop.locator('.line-changes >> text=Remove').first().click();
      await cartSays(laptop, 'Cart, 2 copies');
      await laptop.goto('/checkout');
      await fillIn(laptop);
      await placeOrder(laptop);
      await phone.reload();
      await cartSays(phone, 'Cart, empty');
    }),
  ));

test('a form that is sent by a double click makes one order', () =>
  visit({}, async (page) => {
    await becomeCustomer(page, freshAddress());
    await putIn(page, 0, 1);
    await page.goto('/checkout');
    await fillIn(page);
    await page.dblclick('#checkout >> text=Place the order');
    await page.locator('h1', { hasText: 'Thank you!' }).waitFor();
    await page.goto('/account/orders');
    assert.equal(await page.locator('.order-card').count(), 1);
  }));

test('the order that was placed cannot be placed again from the page before', () =>
  visit({}, async (page) => {
    await becomeCustomer(page, freshAddress());
    await putIn(page, 0, 1);
    await page.goto('/checkout');
    await fillIn(page);
    await placeOrder(page);
    await page.goBack();
    await page.locator('.empty').waitFor();
    await page.goto('/account/orders');
    assert.equal(await page.locator('.order-card').count(), 1);
  }));

test('whoever knows a session from before the sign-in has nothing', () =>
  visit({}, (attacker, theirs) =>
    visit({}, async (victim, context) => {
      const email = freshAddress();
      await becomeCustomer(victim, email);
      await context.clearCookies();
      await putIn(attacker, 0, 1);
      await context.addCookies(await theirs.cookies());
      await victim.goto('/sign-in');
      await signIn(victim, email);
      await victim.locator('h1', { hasText: 'Your account' }).waitFor();
      await attacker.goto('/account');
      assert.equal(new URL(attacker.url()).pathname, '/sign-in');
    }),
  ));
