// A client built with Apollo and its cache. The caller gives ALBUM_GRAPH_URL, a running album-graph with the sample catalogue.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

const uri = process.env.ALBUM_GRAPH_URL ?? 'http://127.0.0.1:4000/graphql';

const SHELF = gql`
  query Shelf($first: Int!, $after: String, $orderBy: AlbumOrder) {
    albums(first: $first, after: $after, orderBy: $orderBy) {
      totalCount
      edges {
        cursor
        node {
          id
          title
          artist {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;
const BY_ID = gql`
  query ById($id: ID!) {
    node(id: $id) {
      id
      ... on Album {
        title
        price {
          amount
          formatted
        }
      }
    }
  }
`;

// What Apollo's documentation says to ask for when a client is built.
const POSSIBLE_TYPES = gql`
  query PossibleTypes {
    __schema {
      types {
        name
        possibleTypes {
          name
        }
      }
    }
  }
`;

let possibleTypes;
let client;
/** How often the server was asked. */
let asked;

const counting = (...request) => {
  asked += 1;
  return fetch(...request);
};
const link = new HttpLink({ uri, fetch: counting, useGETForQueries: true });

before(async () => {
  const { data } = await new ApolloClient({ link, cache: new InMemoryCache() }).query({ query: POSSIBLE_TYPES });
  const abstract = data.__schema.types.filter((type) => type.possibleTypes);
  possibleTypes = Object.fromEntries(abstract.map((type) => [type.name, type.possibleTypes.map(({ name }) => name)]));
});
beforeEach(() => {
  asked = 0;
  const typePolicies = { Query: { fields: { albums: relayStylePagination(['where', 'orderBy']) } } };
  client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes, typePolicies }) });
});

const titles = ({ edges }) => edges.map(({ node }) => node.title);

test('pages are joined to one list for each order', async () => {
  const variables = { first: 3, orderBy: 'TITLE_ASC' };
  const first = (await client.query({ query: SHELF, variables })).data.albums;
  const shelf = client.watchQuery({ query: SHELF, variables });
  const shown = shelf.subscribe(() => {});
  await shelf.fetchMore({ variables: { after: first.pageInfo.endCursor } });
  shown.unsubscribe();
  const both = client.readQuery({ query: SHELF, variables }).albums;
  assert.equal(new Set(titles(both)).size, 6);
  assert.deepEqual(titles(both).slice(0, 3), titles(first));
  assert.equal(both.pageInfo.startCursor, first.pageInfo.startCursor);
  const other = await client.query({ query: SHELF, variables: { ...variables, orderBy: 'TITLE_DESC' } });
  assert.equal(other.data.albums.edges.length, 3);
  assert.equal(client.readQuery({ query: SHELF, variables }).albums.edges.length, 6);
});

test('a thing is the same wherever it was met, told by its type and id', async () => {
  const { data } = await client.query({ query: SHELF, variables: { first: 1, orderBy: 'BEST_SELLING' } });
  const { id, title } = data.albums.edges[0].node;
  const before = Object.keys(client.cache.extract()).filter((key) => key.startsWith('Album:'));
  assert.deepEqual(before, [`Album:${id}`]);
  const alone = await client.query({ query: BY_ID, variables: { id } });
  assert.equal(alone.data.node.title, title);
  const after = Object.keys(client.cache.extract()).filter((key) => key.startsWith('Album:'));
  assert.deepEqual(after, before, 'one entry for both');
  client.cache.modify({ id: `Album:${id}`, fields: { title: () => 'Told anew' } });
  const list = client.readQuery({ query: SHELF, variables: { first: 1, orderBy: 'BEST_SELLING' } });
  assert.deepEqual(titles(list.albums), ['Told anew']);
});

test('what was asked before is answered from the cache, and an artist of two albums is kept once', async () => {
  const variables = { first: 100, orderBy: 'TITLE_ASC' };
  const { data } = await client.query({ query: SHELF, variables });
  await client.query({ query: SHELF, variables });
  assert.equal(asked, 1);
  const artists = data.albums.edges.map(({ node }) => node.artist.id);
  const kept = Object.keys(client.cache.extract()).filter((key) => key.startsWith('Artist:'));
  assert.ok(new Set(artists).size < artists.length, 'some artist has two albums here');
  assert.equal(kept.length, new Set(artists).size);
});

test('a fragment on an interface finds its type in the cache', async () => {
  const { data } = await client.query({ query: SHELF, variables: { first: 1 } });
  const { id, title } = data.albums.edges[0].node;
  const named = gql`
    fragment Named on Node {
      id
      ... on Album {
        title
      }
    }
  `;
  const found = client.readFragment({ id: `Album:${id}`, fragment: named });
  assert.equal(found.title, title);
});

test('an error has its code and the argument to blame', async () => {
  const wrong = client.query({ query: SHELF, variables: { first: 0 } });
  await assert.rejects(wrong, ({ errors: [{ extensions }] }) => {
    assert.deepEqual(extensions, { code: 'BAD_USER_INPUT', field: 'first' });
    return true;
  });
});
