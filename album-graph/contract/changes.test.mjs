// Whoever builds on the schema is told before something is taken away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import { unannounced, undated } from './changes.mjs';
import { CURRENT, RELEASED, read } from './schemas.mjs';

test('nothing that was released is broken without notice', async () => {
  const today = new Date().toISOString().slice(0, 10);
  assert.deepEqual(await unannounced(read(RELEASED), read(CURRENT), today), []);
});

const judge = (older, newer, today = '2027-01-01') => unannounced(buildSchema(older), buildSchema(newer), today);
const deprecated = (reason) => `type Query { here: Int old: Int @deprecated(reason: "${reason}") }`;
const WITHOUT = 'type Query { here: Int }';

test('a field goes only after the date that its deprecation gave', async () => {
  const removal = ["Field 'old' (deprecated) was removed from object type 'Query'"];
  assert.deepEqual(await judge(deprecated('Use `here`. Gone after 2026-12-31.'), WITHOUT), []);
  assert.deepEqual(await judge(deprecated('Use `here`. Gone after 2027-01-01.'), WITHOUT), removal);
  assert.deepEqual(await judge(deprecated('Use `here`.'), WITHOUT), removal);
  assert.equal((await judge('type Query { here: Int old: Int }', WITHOUT)).length, 1);
});

test('a date that there is not is none', () => {
  assert.deepEqual(undated(buildSchema(deprecated('Gone after 2026-13-41.'))), ['Query.old']);
  assert.deepEqual(undated(buildSchema(deprecated('Gone after 2026-12-31.'))), []);
});

test('an argument, a value and a field of an input go like a field', async () => {
  const GONE = '@deprecated(reason: "Gone after 2026-12-31.")';
  const sdl = (mark) => `enum E { A B ${mark} } input I { a: Int b: Int ${mark} } type Query { f(e: E, i: I, old: Int ${mark}): Int }`;
  const after = 'enum E { A } input I { a: Int } type Query { f(e: E, i: I): Int }';
  assert.deepEqual(await judge(sdl(GONE), after), []);
  assert.equal((await judge(sdl(''), after)).length, 3);
});

test('a type goes when all that led to it may go', async () => {
  const sdl = (mark) => `type Query { here: Int old: Old ${mark} } type Old { next: Older } type Older { last: Old }`;
  assert.deepEqual(await judge(sdl('@deprecated(reason: "Gone after 2026-12-31.")'), WITHOUT), []);
  assert.equal((await judge(sdl(''), WITHOUT)).length, 3);
  const kept = sdl('@deprecated(reason: "Gone after 2026-12-31.")').replace('here: Int', 'here: Old');
  assert.equal((await judge(kept, WITHOUT)).length, 3, 'another field still leads to it');
});

test('an argument that must be given and a result that may be null break clients, what is new does not', async () => {
  assert.equal((await judge('type Query { f: Int! }', 'type Query { f(must: Int!): Int! }')).length, 1);
  assert.equal((await judge('type Query { f: Int! }', 'type Query { f: Int }')).length, 1);
  assert.deepEqual(await judge('type Query { f: Int! }', 'type Query { f(may: Int): Int! more: New } type New { a: Int }'), []);
  assert.deepEqual(await judge('type Query { f: Int }', 'type Query { f: Int } type Mutation { g: Int }'), []);
  assert.equal((await judge('type Query { f: Int } type Mutation { g: Int }', 'type Query { f: Int }')).length, 2);
});
