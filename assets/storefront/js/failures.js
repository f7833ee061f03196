// A request that fails must not fail in silence.
import { warn } from './announcer.js';

// No answer at all: the network is down, or it took too long.
document.addEventListener('htmx:error', () => {
  warn('That did not get through. Please check your connection and try again.');
});

// An answer that is not shown, because it is a whole page where a part was asked for.
document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
  if (ctx.target !== document.body) warn('That did not work. Please try again in a moment.');
});
