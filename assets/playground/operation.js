// Finds out which operation of a document the visitor means to run.
import { Kind, parse } from 'graphql';

/** The operations of `query`; none when it cannot be parsed: the server will say what is wrong. */
function operations(query) {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}

/** The name of the operation that the cursor is in, else of the first; undefined when there is no choice. */
export function operationAt(query, cursor) {
  const all = operations(query);
  if (all.length < 2) return undefined;
  const here = all.find(({ loc }) => loc.start <= cursor && cursor <= loc.end);
  return (here ?? all[0]).name?.value;
}
