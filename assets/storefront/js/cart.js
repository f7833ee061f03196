// What is put into the cart is said, and the cart opens in short without leaving the page.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { confirm, warn } from './announcer.js';

const link = () => document.getElementById('cart-link');
const panel = () => document.getElementById('mini-cart');

// Scripts are what makes a button of the link; where browsers cannot show a panel, it stays a link.
function prepare() {
  if (!panel().showPopover) return;
  link().role = 'button';
  link().ariaExpanded = 'false';
  link().setAttribute('aria-controls', 'mini-cart');
}

async function open() {
  try {
    const response = await fetch(link().dataset.mini);
    if (!response.ok) throw response;
    htmx.swap({ text: await response.text(), target: panel(), sourceElement: panel(), swap: 'innerHTML' });
    panel().showPopover({ source: link() });
    panel().querySelector('a')?.focus();
  } catch {
    // The page of the cart says what is wrong, and is the same cart.
    location.assign(link().href);
  }
}

function toggle(event) {
  if (!event.target.closest?.('#cart-link[role=button]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (panel().matches(':popover-open')) panel().hidePopover();
  else open();
}

document.addEventListener('click', toggle, { capture: true });
document.addEventListener('keydown', (event) => {
  if (event.key === ' ') toggle(event);
});

// What the panel covers must not have the focus behind it.
document.addEventListener('focusout', ({ target, relatedTarget }) => {
  if (relatedTarget && panel().contains(target) && !panel().contains(relatedTarget) && !link().contains(relatedTarget)) {
    panel().hidePopover();
  }
});

document.addEventListener(
  'toggle',
  ({ target, newState }) => {
    if (target === panel()) link().ariaExpanded = String(newState === 'open');
  },
  { capture: true },
);

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.target === document.body) prepare();
  if (ctx.target?.id !== 'cart-link') return;
  prepare();
  const { said, refused } = link().dataset;
  if (refused === undefined) confirm(said);
  else warn(said);
});

prepare();
