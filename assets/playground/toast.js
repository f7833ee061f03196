// A short word to the visitor, for eyes and screen readers alike.
import { byId } from './element.js';

const SECONDS = 4;
let timer;

/** Shows `text` at the foot of the page for a few seconds. */
export function toast(text) {
  const box = byId('toast');
  clearTimeout(timer);
  box.textContent = text;
  box.classList.add('shown');
  timer = setTimeout(() => {
    box.classList.remove('shown');
    box.textContent = '';
  }, SECONDS * 1000);
}
