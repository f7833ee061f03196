// A link that is clicked with a key held down opens a tab or a window, or is saved: that is the browser's, but htmx 4.0.1
// cancels such clicks before it decides to leave them alone.
document.addEventListener(
  'click',
  (event) => {
    const { ctrlKey, metaKey, shiftKey, altKey } = event;
    const link = event.target.closest?.('a[href]');
    if (link && (ctrlKey || metaKey || shiftKey || altKey)) event.stopImmediatePropagation();
  },
  { capture: true },
);
