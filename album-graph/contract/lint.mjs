// Lints the schema: all that @graphql-eslint knows of schemas and of Relay, but for the exceptions below.
import graphql from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';

const EVERYTHING = { ...graphql.configs['flat/schema-all'].rules, ...graphql.configs['flat/schema-relay'].rules };

/** Types that are told by what they hold, not by who they are: a client has nothing to find them again by. */
const VALUES = {
  types: [
    'Address',
    'Country',
    'IssuedSession',
    'Money',
    'PageInfo',
    'Payment',
    'Quote',
    'Suggestions',
    'TextRange',
    'Track',
    'TrackMatch',
    'Viewer',
  ],
  suffixes: ['Connection', 'Edge', 'Facet', 'Facets', 'Line', 'Payload', 'Problem', 'Suggestion'],
};

/** The rules that are set otherwise, each with its reason. */
export const EXCEPTIONS = {
  // Fields, arguments and values stand in the order in which people read them.
  alphabetize: 'off',
  // Lists that are short for good, such as the tracks of an album, need no pages.
  'relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false }],
  // What is found is read from the best match on, never from the end.
  'relay-arguments': ['error', { includeBoth: false }],
  // A list is never null, nor is a payload: clients need not tell none from an empty one.
  'require-nullable-result-in-root': 'off',
  'strict-id-in-types': ['error', { acceptedIdNames: ['id'], acceptedIdTypes: ['ID'], exceptions: VALUES }],
  // A shop changes something; what pushes to clients it does not have.
  'no-root-type': ['error', { disallow: ['subscription'] }],
  // A payload has all that the mutation changes: the cart, the customer, the session.
  'require-field-of-type-query-in-mutation-result': 'off',
};

/** What may be found all the same. */
export const PASSED = [
  // Street and house, which the forms of the shop have called the address since before there was an API.
  'Field "address" starts with the name of the parent type "Address"',
];

/** What is asked beyond what the rules ask by themselves. */
const STRICTER = {
  'require-description': [
    'error',
    {
      types: true,
      rootField: true,
      DirectiveDefinition: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      // GraphQL's own are described by its specification.
      ignoredSelectors: ['DirectiveDefinition[name.value=/^(skip|include|deprecated|specifiedBy|oneOf)$/] InputValueDefinition'],
    },
  ],
};

/** What the rules say of a schema, a line each; without an exception, what is excepted by it as well. */
export async function lint(sdl, exceptions = EXCEPTIONS, passed = PASSED) {
  const own = Object.entries({ ...STRICTER, ...exceptions }).map(([rule, setting]) => [`@graphql-eslint/${rule}`, setting]);
  const eslint = new ESLint({
    cwd: import.meta.dirname,
    overrideConfigFile: true,
    overrideConfig: {
      files: ['*.graphql'],
      languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: sdl } } },
      plugins: { '@graphql-eslint': graphql },
      rules: { ...EVERYTHING, ...Object.fromEntries(own) },
    },
  });
  const [{ messages }] = await eslint.lintText(sdl, { filePath: 'schema.graphql' });
  const told = messages.filter(({ message }) => !passed.includes(message));
  return told.map(({ line, message, ruleId }) => `line ${line}: ${message} (${ruleId})`);
}
