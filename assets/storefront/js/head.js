// Boosted navigation replaces the body; what the head says about the page has to follow.
const FOLLOWING = [
  'link[rel="canonical"]',
  'meta[name="description"]',
  'meta[name="robots"]',
  'meta[property^="og:"]',
  'script[type="application/ld+json"]',
].join();
const VERSIONED = ['link[rel="stylesheet"]', 'script[type="module"]'];

let head;

document.addEventListener('htmx:before:swap', (event) => {
  const { ctx } = event.detail;
  if (ctx.target !== document.body) return;
  head = new DOMParser().parseFromString(ctx.text, 'text/html').head;
  if (VERSIONED.some(differs)) {
    // The shop has been renewed meanwhile: new pages need their new style and script.
    event.preventDefault();
    location.assign(ctx.response.raw.url);
  }
});

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.target === document.body && head) follow();
});

function differs(selector) {
  const address = (root) => root.querySelector(selector)?.outerHTML;
  return address(head) !== address(document.head);
}

function follow() {
  document.head.querySelectorAll(FOLLOWING).forEach((element) => element.remove());
  document.head.append(...head.querySelectorAll(FOLLOWING));
}
