// A client built with Relay. The caller gives ALBUM_GRAPH_URL, a running album-graph with the sample catalogue.
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import relay from 'relay-runtime';
import { CURRENT } from '../schemas.mjs';
import { command } from './commands.mjs';

const { Environment, Network, RecordSource, Store, commitMutation, createOperationDescriptor, fetchQuery, getSingularSelector } = relay;
const address = process.env.ALBUM_GRAPH_URL ?? 'http://127.0.0.1:4000/graphql';
const folder = path.join(import.meta.dirname, 'relay');
const generated = path.join(folder, 'generated');
const require = createRequire(import.meta.url);
const compiled = (name) => require(path.join(generated, `${name}.graphql.js`));

let environment;

before(async () => {
  await rm(generated, { recursive: true, force: true });
  await mkdir(generated);
  // The compiler writes CommonJS, which this package is not.
  await writeFile(path.join(generated, 'package.json'), '{ "type": "commonjs" }');
  await command('relay-compiler', ['--noWatchman'], folder);
});
beforeEach(() => {
  environment = new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) });
});

async function ask({ text }, variables) {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
  return response.json();
}

const run = (name, variables) => fetchQuery(environment, compiled(name), variables).toPromise();
const titles = ({ edges }) => edges.map(({ node }) => node.title);

/** What the store holds now, without asking anybody. */
function stored(name, variables) {
  return environment.lookup(createOperationDescriptor(compiled(name), variables).fragment).data;
}

/** What the page after the stored one of a connection must be asked for with. */
function cursor() {
  const records = Object.values(environment.getStore().getSource().toJSON());
  const { endCursor, hasNextPage } = records.find((record) => record.__typename === 'PageInfo' && record.endCursor);
  assert.ok(hasNextPage);
  return endCursor;
}

test('a connection grows page by page', async () => {
  const first = await run('shopShelfQuery', { count: 3 });
  assert.equal(titles(first.albums).length, 3);
  await run('shopShelfQuery', { count: 3, cursor: cursor() });
  const both = titles(stored('shopShelfQuery', { count: 3 }).albums);
  assert.equal(new Set(both).size, 6);
  assert.deepEqual(both.slice(0, 3), titles(first.albums));
});

test('a fragment is fetched again by the id of its album alone', async () => {
  const { albums } = await run('shopShelfQuery', { count: 1 });
  const id = albums.edges[0].node.__id;
  const { node } = await run('shopCardRefetchQuery', { id });
  const { data, isMissingData } = environment.lookup(getSingularSelector(compiled('shopCard_album'), node));
  assert.equal(isMissingData, false);
  assert.equal(data.title, albums.edges[0].node.title);
  assert.match(data.price.formatted, /\d/);
});

test('the page of a genre is asked for anew from the genre', async () => {
  const { genre } = await run('shopGenreQuery', { slug: 'jazz', count: 2 });
  const page = () => environment.lookup(getSingularSelector(compiled('shopGenre_albums'), genre)).data;
  assert.equal(page().albums.edges.length, 2);
  await run('shopGenrePageQuery', { id: page().id, count: 2, cursor: page().albums.pageInfo.endCursor });
  assert.equal(new Set(titles(page().albums)).size, 4);
});

test('what is found says where, on edges of its own', async () => {
  const { search } = await run('shopSearchQuery', { text: 'love', count: 2 });
  const [{ node, titleMatches }] = search.edges;
  assert.deepEqual(titleMatches.map(({ start, end }) => node.title.slice(start, end).toLowerCase()), ['love']);
});

test('a mutation leaves the new cart in the store, beside the album that the shelf shows', async () => {
  const { albums } = await run('shopShelfQuery', { count: 1 });
  const { __id: albumId, title } = albums.edges[0].node;
  const variables = { input: { albumId, quantity: 2 } };
  const done = { mutation: compiled('shopAddMutation'), variables };
  const { addToCart } = await new Promise((onCompleted, onError) => commitMutation(environment, { ...done, onCompleted, onError }));
  assert.deepEqual(addToCart.problems, []);
  assert.deepEqual(addToCart.cart.lines, [{ quantity: 2, album: { title } }]);
  const things = Object.values(environment.getStore().getSource().toJSON());
  assert.equal(things.filter((thing) => thing.__typename === 'Album').length, 1, 'one album for both');
});

test('a document that does not fit the schema is refused by the compiler', async () => {
  const wrong = path.join(generated, 'wrong');
  await mkdir(wrong);
  await writeFile(path.join(wrong, 'wrong.js'), 'graphql`query wrongQuery { genres { nome } }`;');
  const config = { src: '.', language: 'javascript', noSourceControl: true, schema: path.relative(wrong, fileURLToPath(CURRENT)) };
  await writeFile(path.join(wrong, 'relay.config.json'), JSON.stringify(config));
  await assert.rejects(command('relay-compiler', ['--noWatchman'], wrong), /`nome`/);
});
