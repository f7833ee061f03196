// The menu behind "more" closes like menus do.
const open = () => document.querySelector('.more[open]');

document.addEventListener('keydown', ({ key }) => {
  const menu = open();
  if (key !== 'Escape' || !menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

document.addEventListener('click', ({ target }) => {
  const menu = open();
  if (menu && !menu.contains(target)) menu.open = false;
});
