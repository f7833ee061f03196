// Where the genres of the header do not fit side by side, the one that is shown is scrolled into sight.
function reveal() {
  const strip = document.querySelector('.genre-menu > ul');
  const current = strip?.querySelector(':scope > li > [aria-current]');
  if (!current) return;
  const [outer, inner] = [strip.getBoundingClientRect(), current.getBoundingClientRect()];
  strip.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}

reveal();
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.target === document.body) reveal();
});
