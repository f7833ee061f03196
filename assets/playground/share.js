// Links that carry a query and its variables in the fragment, which browsers never send to a server; headers stay out.

/** The address of this page with the query in it. */
export function shareLink({ query, variables }) {
  const fragment = new URLSearchParams({ query });
  if (variables.trim() && variables.trim() !== '{}') fragment.set('variables', variables);
  return `${location.origin}${location.pathname}#${fragment}`;
}

/** What the address asks for: `{ query, variables }`, `{ example }` or null. Takes it out of the address, so that reloading does not repeat it. */
export function takeFromAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const query = fragment.get('query');
  const example = fragment.get('example');
  if (!query && !example) return null;
  history.replaceState(null, '', location.pathname + location.search);
  return query ? { query, variables: fragment.get('variables') ?? '{}' } : { example };
}
