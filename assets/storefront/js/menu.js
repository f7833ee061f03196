// The menu behind "more" closes like menus do.
const open = () => document.querySelector('.more[open]');

document.addEventListener('keydown', ({ key }) => {
  const menu = open();
  if (key !== 'Escape' || !menu) return;
  const inside = menu.contains(document.activeElement);
  menu.open = false;
  if (inside) menu.querySelector('summary').focus();
});

document.addEventListener('click', ({ target }) => {
  const menu = open();
  if (menu && !menu.contains(target)) menu.open = false;
});

document.addEventListener('focusout', ({ target, relatedTarget }) => {
  const menu = target.closest('.more[open]');
  if (menu && relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});
