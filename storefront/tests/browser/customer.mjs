// Somebody who buys: puts albums into the cart, reads mails, and becomes a customer.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { biggestGenre, needed } from './visitor.mjs';

export const PASSWORD = 'four words in a row';
export const ADDRESS = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  address: "12 St James's Square",
  postalCode: 'SW1Y 4JH',
  city: 'London',
  phone: '+44 20 7946 0000',
};
export const genre = await biggestGenre();

let count = 0;

/** An address that nobody has used before. */
export function freshAddress() {
  count += 1;
  return `ada.${process.pid}.${Date.now()}.${count}@example.com`;
}

/** The first address of the shop in the newest mail to `email`, as soon as there is one that contains `part`. */
export async function mailedLink(page, email, part) {
  for (let tries = 0; tries < 200; tries += 1) {
    const link = await findLink(email, part);
    if (link) return link;
    await page.waitForTimeout(50);
  }
  return assert.fail(`no mail to ${email} with ${part}`);
}

async function findLink(email, part) {
  const folder = needed('MAIL_FOLDER');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml'));
  for (const name of names) {
    const mail = decoded(await readFile(path.join(folder, name), 'utf8'));
    const link = mail.includes(email) && mail.match(/https?:\/\/\S+/g)?.find((address) => address.includes(part));
    if (link) return link;
  }
  return undefined;
}

/** A mail without the line ends and signs of quoted-printable. */
function decoded(mail) {
  if (!/^content-transfer-encoding: quoted-printable/im.test(mail)) return mail;
  return mail.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

/** Puts `copies` of the album number `index` of the biggest genre into the cart, from its page, and ends up at the cart. */
export async function putIn(page, index, copies) {
  await page.goto(`/albums/${genre.albums.nodes[index].slug}`);
  await page.fill('#quantity', String(copies));
  await Promise.all([page.waitForResponse('**/cart/items'), page.click('#add-to-cart button')]);
  await page.goto('/cart');
}

/** What an album costs, in cents. */
export async function priceOf({ slug }) {
  const body = JSON.stringify({ query: `{ album(slug: "${slug}") { price { amount } } }` });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(needed('ALBUM_GRAPH_URL'), { method: 'POST', headers, body });
  return (await response.json()).data.album.price.amount;
}

/** Gives albums of the biggest genre other prices, in cents, and other numbers of copies left. */
export async function reprice(albums) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const lines = albums.map(({ album, price, stock }) =>
    [quoted(genre.name), quoted(album.artist.name), quoted(album.title), (price / 100).toFixed(2), stock].join(','),
  );
  const file = path.join(needed('MAIL_FOLDER'), '..', 'prices.csv');
  await writeFile(file, ['genre,artist,title,price,stock', ...lines, ''].join('\n'));
  await promisify(execFile)(needed('ALBUM_GRAPH_PROGRAM'), ['import', file]);
}

/** Signs up, follows the link in the mail, and presses its button. */
export async function becomeCustomer(page, email) {
  await page.goto('/sign-up');
  await page.fill('#email', email);
  await page.fill('#password', PASSWORD);
  await page.click('main form button');
  await page.waitForURL('**/sign-up/sent');
  await page.goto(await mailedLink(page, email, '/confirm?token='));
  await page.click('main form button');
  await page.waitForURL((url) => ['/cart', '/account'].includes(url.pathname));
}

/** Signs in at the page that is shown. */
export async function signIn(page, email) {
  await page.fill('#email', email);
  await page.fill('#password', PASSWORD);
  await page.click('main form button');
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** Fills in the address at the checkout. */
export async function fillIn(page, address = ADDRESS) {
  for (const [name, value] of Object.entries(address)) await page.fill(`#${name}`, value);
  await page.selectOption('#country', 'GB');
}

/** Places the order and tells its number. */
export async function placeOrder(page) {
  await page.click('#checkout >> text=Place the order');
  await page.waitForURL('**/orders/*?placed=yes');
  await page.locator('h1', { hasText: 'Thank you!' }).waitFor();
  return page.locator('.lead .order-number').textContent();
}

/** What the header says of the cart. */
export async function cartSays(page, words) {
  await page.locator('#cart-link .unseen', { hasText: words }).waitFor({ state: 'attached' });
  const badge = await page.locator('.badge').allTextContents();
  assert.deepEqual(badge, words === 'Cart, empty' ? [] : [words.match(/\d+/)[0]]);
}
