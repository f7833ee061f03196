// What can be measured of how a page looks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DESKTOP, PHONE, require } from './visitor.mjs';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Opens a page and waits for all of its pictures. */
export async function look(page, path) {
  await page.goto(path);
  await picture(page);
}

async function picture(page) {
  // Pictures further down are fetched only when somebody gets there.
  await page.evaluate(() => document.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; }));
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
}

/** What axe finds. */
export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** What is wider than the window, apart from the stack of covers, whose corners are cut off. */
export const sideways = () => {
  scrollTo(500, 0);
  const wide = [...document.querySelectorAll('main *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  return { scrolled: scrollX, wide: wide.filter((element) => !element.closest('.stack')).map((element) => element.className) };
};

/** Fails where axe finds something in the page that is shown, or where something sticks out: light and dark, wide and narrow. */
export async function assertLooks(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const viewport of [DESKTOP, PHONE]) {
      await page.setViewportSize(viewport);
      await picture(page);
      // Colours change in steps, however short.
      await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
      assert.deepEqual(await violations(page), [], `${colorScheme}, ${viewport.width} px`);
      assert.deepEqual(await page.evaluate(sideways), { scrolled: 0, wide: [] }, `${viewport.width} px`);
    }
  }
}
