// After a swap the focus goes where a new page, or the new part of one, begins; and the change is said.
import { announce } from './announcer.js';
import { takeLeft } from './history.js';

document.addEventListener('htmx:after:swap', ({ target, detail: { ctx } }) => {
  // The way to the cart says by itself what has changed.
  if (ctx.swap === 'none' || ctx.target.id === 'cart-link') return;
  if (ctx.target === document.body) {
    arrive(ctx);
  } else if (ctx.target.id === 'found') {
    // The visitor is still typing: the focus stays where it is.
    announce(document.querySelector('h1').textContent);
  } else if (target.querySelector?.('[aria-invalid="true"]')) {
    mend(target);
  } else {
    goOn(target.closest('[data-loaded]'));
  }
});

function arrive({ title, request }) {
  const mistake = document.querySelector('.form-error, [aria-invalid="true"]');
  const start = takeLeft() ?? mistake ?? document.querySelector('h1');
  start?.focus({ preventScroll: true });
  // The page has begun at its top; its mistake may be far below.
  if (mistake && start === mistake) mistake.scrollIntoView({ block: 'center' });
  const found = request?.form?.id === 'filter' && results();
  announce(found || title || document.title);
}

function mend(form) {
  form.querySelector('[aria-invalid="true"]').focus();
  announce(form.querySelector('.field-error').textContent);
}

/** What a filter led to: its mistakes, the number of albums, or that there are none. */
function results() {
  const mistakes = [...document.querySelectorAll('.field-error')];
  const texts = mistakes.length > 0 ? mistakes : [...document.querySelectorAll('.count, .empty')];
  return texts.map((element) => element.textContent.trim()).join(' ');
}

function goOn(part) {
  part?.querySelector('a')?.focus({ preventScroll: true });
  if (part) announce(part.dataset.loaded);
}
