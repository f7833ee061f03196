// Reads the examples that the server wrote into the page.

/** The page shows title and description above the editor: the comment that holds them need not be there twice. */
const withoutLeadingComment = (query) => query.replace(/^(\s*#.*\n)+\s*/, '');

/** Each with `name`, `title`, `description`, `query` and `variables`, the last as JSON text. */
export function readExamples() {
  const block = document.getElementById('examples');
  try {
    return JSON.parse(block.textContent).map((example) => ({
      ...example,
      query: withoutLeadingComment(example.query).trimEnd() + '\n',
      variables: example.variables?.trimEnd() || '{}',
    }));
  } catch {
    return [];
  }
}
