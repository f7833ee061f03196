// Fields that are left empty do not belong into an address that people share.
document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const { body } = ctx.request;
  const form = ctx.request.form ?? ctx.sourceElement.form;
  if (form?.method !== 'get') return;
  for (const [name, value] of [...body]) {
    if (value === '') body.delete(name);
  }
});
