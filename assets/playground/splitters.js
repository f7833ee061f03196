// Lets the visitor move the borders between panes by pointer or arrow keys, and remembers where they are.
import { byId } from './element.js';
import { lasting } from './storage.js';

const STEP = 2;
const sizes = lasting.read('layout', {});

/** Each sets a share, in percent of the workspace, which the style sheet reads as a custom property. */
const SPLITTERS = [
  { id: 'split-request', property: '--request-share', start: 40, min: 20, max: 65, axis: 'x', from: 'start' },
  { id: 'split-docs', property: '--docs-share', start: 25, min: 15, max: 45, axis: 'x', from: 'end' },
  { id: 'split-inputs', property: '--inputs-share', start: 32, min: 10, max: 75, axis: 'y', from: 'end' },
];

function pointerShare(event, box, { axis, from }) {
  const along = axis === 'x' ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
  return 100 * (from === 'start' ? along : 1 - along);
}

function keyShare(key, share, { min, max, axis, from }) {
  const grow = from === 'start' ? 1 : -1;
  const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  return { [less]: share - grow * STEP, [more]: share + grow * STEP, Home: min, End: max }[key];
}

function watch(splitter) {
  const bar = byId(splitter.id);
  const workspace = byId('workspace');
  let share = sizes[splitter.id] ?? splitter.start;

  function set(wanted) {
    share = Math.round(10 * Math.min(splitter.max, Math.max(splitter.min, wanted))) / 10;
    workspace.style.setProperty(splitter.property, `${share}%`);
    bar.setAttribute('aria-valuenow', Math.round(share));
  }
  function keep() {
    sizes[splitter.id] = share;
    lasting.write('layout', sizes);
  }

  bar.setAttribute('aria-valuemin', splitter.min);
  bar.setAttribute('aria-valuemax', splitter.max);
  bar.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener('pointermove', (event) => {
    if (bar.hasPointerCapture(event.pointerId)) set(pointerShare(event, workspace.getBoundingClientRect(), splitter));
  });
  bar.addEventListener('pointerup', keep);
  bar.addEventListener('dblclick', () => (set(splitter.start), keep()));
  bar.addEventListener('keydown', (event) => {
    const wanted = keyShare(event.key, share, splitter);
    if (wanted === undefined) return;
    event.preventDefault();
    set(wanted);
    keep();
  });
  set(share);
}

/** Starts all borders. */
export function startSplitters() {
  SPLITTERS.forEach(watch);
}
