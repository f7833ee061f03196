// A shop in TypeScript: every type in it comes from the schema.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { graphql } from '../generated/gql.js';
import type { AlbumFilter, AlbumOrder } from '../generated/graphql.js';

const Shelf = graphql(`
  query Shelf($first: Int!, $where: AlbumFilter, $orderBy: AlbumOrder!) {
    albums(first: $first, where: $where, orderBy: $orderBy) {
      nodes {
        id
        title
        releaseDate
        price {
          amount
        }
      }
    }
  }
`);

const Things = graphql(`
  query Things($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Album {
        title
      }
      ... on Artist {
        name
      }
    }
  }
`);

/** Asks the service at `address`. */
export async function ask<Data, Variables>(address: string, document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ query: print(document), variables }) });
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return data;
}

/** Up to ten albums that `where` lets through, in words. */
export async function shelf(address: string, where: AlbumFilter, orderBy: AlbumOrder): Promise<string[]> {
  const { albums } = await ask(address, Shelf, { first: 10, where, orderBy });
  return albums.nodes.map(({ title, releaseDate, price }) => `${title} (${releaseDate?.slice(0, 4) ?? 'no date'}): ${price.amount.toFixed(0)}`);
}

/** What things are called, whatever they are. */
export async function names(address: string, ids: string[]): Promise<(string | undefined)[]> {
  const { nodes } = await ask(address, Things, { ids });
  return nodes.map((node) => (node?.__typename === 'Album' ? node.title : node?.__typename === 'Artist' ? node.name : undefined));
}

/** The ids of the first albums. */
export async function ids(address: string): Promise<string[]> {
  const { albums } = await ask(address, Shelf, { first: 2, orderBy: 'TITLE_ASC' });
  return albums.nodes.map(({ id }) => id);
}

// What follows is never run: each line must be an error to the compiler, or the types are too loose.
export const wrong = {
  anArgumentThatThereIsNot: () => ask('', Shelf, {
    first: 1,
    orderBy: 'TITLE_ASC',
    // @ts-expect-error
    nothing: 1,
  }),
  // @ts-expect-error
  anOrderThatThereIsNot: () => ask('', Shelf, { first: 1, orderBy: 'SIDEWAYS' }),
  // @ts-expect-error
  aVariableLeftOut: () => ask('', Shelf, { orderBy: 'TITLE_ASC' }),
  // @ts-expect-error
  aFieldThatWasNotAskedFor: async () => (await ask('', Shelf, { first: 1, orderBy: 'TITLE_ASC' })).albums.totalCount,
  // @ts-expect-error
  aDateThatMayBeNull: async (): Promise<string[]> => (await ask('', Shelf, { first: 1, orderBy: 'TITLE_ASC' })).albums.nodes.map((node) => node.releaseDate),
};
