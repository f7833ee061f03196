// After a swap the focus goes where a new page, or the new part of one, begins; and the change is said.
import { announce } from './announcer.js';

document.addEventListener('htmx:after:swap', ({ target, detail: { ctx } }) => {
  if (ctx.swap === 'none') return;
  if (ctx.target === document.body) {
    arrive(ctx.title || document.title);
  } else {
    goOn(target.closest('[data-loaded]'));
  }
});

function arrive(title) {
  const start = document.querySelector('[aria-invalid="true"]') ?? document.querySelector('h1');
  start?.focus({ preventScroll: true });
  announce(title);
}

function goOn(part) {
  part?.querySelector('a')?.focus({ preventScroll: true });
  if (part) announce(part.dataset.loaded);
}
