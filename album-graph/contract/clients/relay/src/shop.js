// What a shop built with Relay asks. The compiler reads these documents and writes one module for each.
import { graphql } from 'relay-runtime';

graphql`
  query shopShelfQuery($count: Int!, $cursor: String) {
    albums(first: $count, after: $cursor, orderBy: TITLE_ASC) @connection(key: "shopShelf_albums") {
      totalCount
      edges {
        node {
          ...shopCard_album
          title
        }
      }
    }
  }
`;

// The compiler writes the query that fetches the fragment again, by way of Query.node.
graphql`
  fragment shopCard_album on Album @refetchable(queryName: "shopCardRefetchQuery") {
    title
    releaseDate
    price {
      formatted
    }
    artist {
      name
    }
  }
`;

graphql`
  query shopGenreQuery($slug: String!, $count: Int!, $cursor: String) {
    genre(slug: $slug) {
      name
      ...shopGenre_albums
    }
  }
`;

graphql`
  fragment shopGenre_albums on Genre @refetchable(queryName: "shopGenrePageQuery") {
    albums(first: $count, after: $cursor) @connection(key: "shopGenre_albums") {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`;

graphql`
  query shopSearchQuery($text: String!, $where: AlbumFilter, $count: Int!, $cursor: String) {
    search(query: $text, where: $where, first: $count, after: $cursor) @connection(key: "shopSearch_search", filters: ["query", "where"]) {
      edges {
        node {
          title
        }
        titleMatches {
          start
          end
        }
      }
    }
  }
`;

graphql`
  mutation shopAddMutation($input: AddToCartInput!) {
    addToCart(input: $input) {
      cart {
        quantity
        lines {
          quantity
          album {
            title
          }
        }
      }
      problems {
        code
        field
      }
    }
  }
`;
