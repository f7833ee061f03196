// htmx answers Back and Forward only for entries that carry its mark; entries that a link inside a page makes, such as
// the one that skips to the content, would otherwise show an old page under a new address.
function mark() {
  if (!history.state?.htmx) history.replaceState({ ...history.state, htmx: true }, '', location.href);
}

mark();
addEventListener('hashchange', mark);
