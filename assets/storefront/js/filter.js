// Fields that are left empty do not belong into an address that people share.
document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const { form, body } = ctx.request;
  if (form?.method !== 'get') return;
  for (const [name, value] of [...body]) {
    if (value === '') body.delete(name);
  }
});
