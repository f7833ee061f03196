// What can be measured of how the pages from the cart to the order look, with mistakes in them and without.
import { test } from 'node:test';
import {
  ADDRESS,
  PASSWORD,
  becomeCustomer,
  fillIn,
  freshAddress,
  genre,
  mailedLink,
  placeOrder,
  priceOf,
  putIn,
  reprice,
} from './customer.mjs';
import { assertLooks } from './looks.mjs';
import { open, shop, visit } from './visitor.mjs';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(4);

async function send(page, form, values) {
  for (const [name, value] of Object.entries(values)) await page.fill(`#${name}`, value);
  await page.click(`${form} button.button`);
}

/** How a visitor gets to each page that anybody can see. */
const PAGES = {
  'the empty cart': (page) => page.goto('/cart'),
  'a cart': async (page) => {
    await putIn(page, 0, 2);
    await putIn(page, 1, 99);
  },
  'a cart with a mistake': async (page) => {
    await putIn(page, 0, 2);
    await page.fill('.quantity', '0');
    await page.click('.line-quantity button');
    await page.locator('.field-error').waitFor();
  },
  'an album with a mistake': async (page) => {
    await open(page, `/albums/${genre.album.slug}`);
    await page.fill('#quantity', 'x');
    await page.click('#add-to-cart button');
    await page.locator('#quantity-error').waitFor();
  },
  'an album that was put into the cart': async (page) => {
    await open(page, `/albums/${genre.album.slug}`);
    await page.click('#add-to-cart button');
    await page.locator('#announcer[data-tone=done]').waitFor();
  },
  'the sign-in': (page) => page.goto('/sign-in?return=%2Fcheckout'),
  'a sign-in that fails': async (page) => {
    await page.goto('/sign-in');
    await send(page, '.sheet-form', { email: freshAddress(), password: 'not the password' });
    await page.locator('.form-error').waitFor();
  },
  'the sign-up': (page) => page.goto('/sign-up'),
  'a sign-up with mistakes': async (page) => {
    await page.goto('/sign-up');
    await send(page, '.sheet-form', { email: 'ada', password: 'short' });
    await page.locator('#password-error').waitFor();
  },
  'what happens after a sign-up': (page) => page.goto('/sign-up/sent'),
  'the confirmation': (page) => page.goto('/confirm?token=x'),
  'a confirmation that has expired': async (page) => {
    await page.goto('/confirm?token=x');
    await send(page, '.sheet-form', {});
    await page.locator('.form-error').waitFor();
  },
  'a forgotten password': (page) => page.goto('/forgotten-password'),
  'a forgotten password with a mistake': async (page) => {
    await page.goto('/forgotten-password');
    await send(page, '.sheet-form', { email: 'ada' });
    await page.locator('#email-error').waitFor();
  },
  'what happens after that': (page) => page.goto('/forgotten-password/sent'),
  'a new password': (page) => page.goto('/reset-password?token=x'),
  'a new password with a link that has expired': async (page) => {
    await page.goto('/reset-password?token=x');
    await send(page, '.sheet-form', { newPassword: PASSWORD });
    await page.locator('.form-error').waitFor();
  },
  'what another site sends': async (page) => {
    await page.setContent(`<form action="${shop}/cart/empty" method="post"><button>Win a record</button></form>`);
    await page.click('button');
    await page.locator('h1', { hasText: 'did not come from here' }).waitFor();
  },
};

for (const [name, reach] of Object.entries(PAGES)) {
  test(`${name}: axe finds nothing, light and dark, and nothing sticks out`, () =>
    visit({ reducedMotion: 'reduce', expected: [403, 422] }, async (page) => {
      await reach(page);
      await assertLooks(page);
    }));
}

test("the customer's pages: axe finds nothing, light and dark, and nothing sticks out", () =>
  visit({ reducedMotion: 'reduce', expected: [422] }, async (page) => {
    const email = freshAddress();
    await becomeCustomer(page, email);
    await assertLooks(page);
    await page.goto('/account/orders');
    await assertLooks(page);

    await putIn(page, 0, 3);
    await page.goto('/checkout');
    await assertLooks(page);
    await fillIn(page, { ...ADDRESS, firstName: LONG, phone: LONG, promotionCode: LONG });
    await page.click('#checkout >> text=Place the order');
    await page.locator('#promotionCode-error').waitFor();
    await assertLooks(page);
    await fillIn(page, { ...ADDRESS, firstName: LONG, lastName: 'אריק', promotionCode: 'free' });
    await page.click('text=Apply');
    await page.locator('.sums-discount').waitFor();
    await assertLooks(page);

    const number = await placeOrder(page);
    await assertLooks(page);
    for (const path of [`/orders/${number}`, '/account/orders', '/account']) {
      await page.goto(path);
      await assertLooks(page);
    }
    await send(page, '.sheet-form', { currentPassword: 'not the password', newPassword: 'short' });
    await page.locator('#newPassword-error').waitFor();
    await assertLooks(page);
    await page.goto('/forgotten-password');
    await send(page, '.sheet-form', { email });
    await page.goto(await mailedLink(page, email, '/reset-password?token='));
    await assertLooks(page);
  }));

test('a cart in which something has changed: axe finds nothing, light and dark, and nothing sticks out', () =>
  visit({ reducedMotion: 'reduce' }, async (page) => {
    const places = [21, 22, 23];
    const albums = places.map((place) => genre.albums.nodes[place]);
    const [dearer, soldOut, rare] = albums;
    const prices = await Promise.all(albums.map(priceOf));
    for (const place of places) await putIn(page, place, 3);
    await reprice([
      { album: dearer, price: prices[0] + 100, stock: 900 },
      { album: soldOut, price: prices[1], stock: 0 },
      { album: rare, price: prices[2], stock: 1 },
    ]);
    await page.goto('/cart');
    await page.locator('.line-notice').first().waitFor();
    await assertLooks(page);
    await open(page, `/albums/${soldOut.slug}`);
    await page.locator('.sold-out').waitFor();
    await assertLooks(page);
    await reprice(albums.map((album, index) => ({ album, price: prices[index], stock: 900 })));
  }));

test('the cart in short: axe finds nothing, light and dark', () =>
  visit({ reducedMotion: 'reduce' }, async (page) => {
    await putIn(page, 0, 1);
    await open(page, '/');
    await page.click('#cart-link');
    await page.locator('#mini-cart .mini-title').waitFor();
    await assertLooks(page);
  }));
