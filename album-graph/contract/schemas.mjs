// The two versions of the schema that are kept, as it was released last and as it is, and what is told of their difference.
import { buildSchema } from 'graphql';
import { readFileSync } from 'node:fs';

export const CURRENT = new URL('../../schema.graphql', import.meta.url);
export const RELEASED = new URL('released.graphql', import.meta.url);
/** What storefront asks, now and in the last release: album-graph knows both. */
export const OPERATIONS = new URL('../../operations.json', import.meta.url);
export const RELEASED_OPERATIONS = new URL('released.operations.json', import.meta.url);
export const CHANGELOG = new URL('CHANGELOG.md', import.meta.url);

/** The schema in the file at `url`. */
export function read(url) {
  return buildSchema(readFileSync(url, 'utf8'));
}
