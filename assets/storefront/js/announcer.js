// The one live region of every page; it survives swaps, since a region that is new is not read out.
const region = () => document.getElementById('announcer');

/** Says something that screens need not show. */
export function announce(text) {
  const announcer = region();
  delete announcer.dataset.tone;
  announcer.textContent = text;
}

/** Says that something went wrong, so that everybody notices. */
export function warn(text) {
  const announcer = region();
  announcer.dataset.tone = 'problem';
  announcer.textContent = text;
}
