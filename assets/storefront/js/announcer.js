// The one live region of every page; it survives swaps, since a region that is new is not read out.
const region = () => document.getElementById('announcer');
const PAUSE = 50;
const WHILE = 6000;

let pending;

/** Says something that screens need not show. */
export function announce(text) {
  say(text);
}

/** Says that something was done, so that everybody notices, for a while. */
export function confirm(text) {
  say(text, 'done');
}

/** Says that something went wrong, so that everybody notices, until it is closed or something else is said. */
export function warn(text) {
  say(text, 'problem');
}

// What is said twice is read out twice only if there was nothing in between.
function say(text, tone) {
  hush();
  pending = setTimeout(() => {
    const announcer = region();
    announcer.textContent = text;
    if (!tone) return;
    announcer.dataset.tone = tone;
    if (tone === 'done') pending = setTimeout(hush, WHILE);
    else announcer.append(closing());
  }, PAUSE);
}

function hush() {
  clearTimeout(pending);
  const announcer = region();
  delete announcer.dataset.tone;
  announcer.textContent = '';
}

function closing() {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'announcer-close';
  button.textContent = 'Close';
  let before;
  button.addEventListener('focus', ({ relatedTarget }) => {
    before = relatedTarget;
  });
  button.addEventListener('click', () => {
    hush();
    before?.focus({ preventScroll: true });
  });
  return button;
}
