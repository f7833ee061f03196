// Prints a query in the usual form without losing its comments.
import { Lexer, Source, TokenKind, parse, print } from 'graphql';

/** Every token, comments included. */
function tokens(query) {
  const lexer = new Lexer(new Source(query));
  while (lexer.advance().kind !== TokenKind.EOF);
  const all = [];
  // `advance` passes over comments, but the chain of tokens keeps them.
  for (let token = lexer.token; token; token = token.prev) all.unshift(token);
  return all;
}

function hasInnerComments(query, definitions) {
  return tokens(query).some(
    ({ kind, start }) => kind === TokenKind.COMMENT && definitions.some(({ loc }) => loc.start < start && start < loc.end),
  );
}

const OPENERS = [TokenKind.BRACE_L, TokenKind.PAREN_L, TokenKind.BRACKET_L];
const CLOSERS = [TokenKind.BRACE_R, TokenKind.PAREN_R, TokenKind.BRACKET_R];

/** How deep the line goes by its brackets, and how many closing ones it begins with. */
function depthOfLine(kinds) {
  const other = kinds.findIndex((kind) => !CLOSERS.includes(kind));
  const count = (brackets) => kinds.filter((kind) => brackets.includes(kind)).length;
  return { change: count(OPENERS) - count(CLOSERS), leadingClosers: other < 0 ? kinds.length : other };
}

/** Comments inside an operation have no place in the syntax tree: such a query is only indented. */
function indent(query) {
  const kindsByLine = new Map();
  for (const { kind, line } of tokens(query)) kindsByLine.set(line, [...(kindsByLine.get(line) ?? []), kind]);
  let depth = 0;
  const lines = query.split('\n').map((line, index) => {
    const { change, leadingClosers } = depthOfLine(kindsByLine.get(index + 1) ?? []);
    const text = line.trim() && '  '.repeat(Math.max(0, depth - leadingClosers)) + line.trim();
    depth += change;
    return text;
  });
  return lines.join('\n');
}

function commentsBefore(query, from, to) {
  return query.slice(from, to).split('\n').map((line) => line.trim()).filter((line) => line.startsWith('#'));
}

/** Throws a GraphQLError when the query cannot be parsed. */
export function prettyQuery(query) {
  const { definitions } = parse(query);
  if (hasInnerComments(query, definitions)) return indent(query);
  let end = 0;
  const parts = definitions.map((definition) => {
    const comments = commentsBefore(query, end, definition.loc.start);
    end = definition.loc.end;
    return [...comments, print(definition)].join('\n');
  });
  const rest = commentsBefore(query, end, query.length).join('\n');
  return [...parts, rest].filter(Boolean).join('\n\n') + '\n';
}

/** Throws a SyntaxError when the text is not JSON. */
export function prettyJson(text) {
  return text.trim() ? JSON.stringify(JSON.parse(text), null, 2) : '{}';
}
