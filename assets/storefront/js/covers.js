// A cover that cannot be fetched leaves a blank sleeve. Errors of pictures do not bubble.
const blank = (image) => image.classList.add('missing');

document.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLImageElement) blank(target);
  },
  { capture: true },
);

for (const image of document.images) {
  if (image.complete && image.naturalWidth === 0) image.decode().catch(() => blank(image));
}
