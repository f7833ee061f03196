// A client in TypeScript, whose types graphql-codegen makes. The caller gives ALBUM_GRAPH_URL, a running album-graph.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { command } from './commands.mjs';

const address = process.env.ALBUM_GRAPH_URL ?? 'http://127.0.0.1:4000/graphql';
const folder = path.join(import.meta.dirname, 'codegen');
const generated = path.join(folder, 'generated');

before(async () => {
  await rm(generated, { recursive: true, force: true });
  await command('graphql-codegen', ['--config', 'codegen.json', '--silent'], folder);
});

test('the client fits its types, and every misuse is an error', () => command('tsc', ['--noEmit'], folder));

test('compiled, it fills a shelf and names things by their ids', async () => {
  await command('tsc', [], folder);
  const shop = await import(path.join(generated, 'out/src/shop.js'));
  const [cheapest] = await shop.shelf(address, { genre: 'jazz', releasedTo: '1969' }, 'PRICE_ASC');
  assert.match(cheapest, /^.+ \(19\d\d\): \d+$/);
  const names = await shop.names(address, await shop.ids(address));
  assert.equal(names.length, 2);
  assert.ok(names.every((name) => typeof name === 'string'));
  await assert.rejects(shop.ask(address, { kind: 'Document', definitions: [] }, {}));
});
