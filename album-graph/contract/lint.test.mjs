// The names and descriptions of the schema keep to the rules.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { undated } from './changes.mjs';
import { EXCEPTIONS, PASSED, lint } from './lint.mjs';
import { CURRENT, read } from './schemas.mjs';

const sdl = readFileSync(CURRENT, 'utf8');

test('the schema keeps to every rule', async () => assert.deepEqual(await lint(sdl), []));

test('every exception is needed', async () => {
  for (const rule of Object.keys(EXCEPTIONS)) {
    const { [rule]: _, ...others } = EXCEPTIONS;
    const found = await lint(sdl, others);
    assert.ok(found.some((line) => line.endsWith(`(@graphql-eslint/${rule})`)), `nothing needs the exception to ${rule}`);
  }
});

test('whatever is passed over is there', async () => {
  const found = await lint(sdl, EXCEPTIONS, []);
  assert.equal(found.length, PASSED.length, found.join('\n'));
});

test('whatever is deprecated says after which date it may be gone', () => assert.deepEqual(undated(read(CURRENT)), []));

const BROKEN = {
  'a field without a description': [`"T." type Query { bare: Int }`, 'require-description'],
  'an argument without a description': [`"T." type Query { "F." field(bare: Int): Int }`, 'require-description'],
  'a field in snake case': [`"T." type Query { "F." snake_case: Int }`, 'naming-convention'],
  'a field that repeats the name of its type': [`"T." type Query { "A." album: Album } "T." type Album { "I." id: ID! "T." albumTitle: Int }`, 'no-typename-prefix'],
  'a type that nothing leads to': [`"T." type Query { "F." field: Int } "T." type Island { "I." id: ID! }`, 'no-unreachable-types'],
  'a connection without information on its page': [`"T." type Query { "F." things(first: Int, after: String): ThingConnection } "T." type ThingConnection { "E." edges: [ThingEdge!] } "T." type ThingEdge { "N." node: Int "C." cursor: String! }`, 'relay-connection-types'],
  'a thing without an id': [`"T." type Query { "A." album: Album } "T." type Album { "T." title: String }`, 'strict-id-in-types'],
};
for (const [what, [wrong, rule]] of Object.entries(BROKEN)) {
  test(`${what} is found`, async () => {
    const found = await lint(wrong);
    assert.ok(found.some((line) => line.endsWith(`(@graphql-eslint/${rule})`)), `only found ${found.join('\n')}`);
  });
}
