// Marks what is wrong with a query while it is written: syntax always, names and types once the schema is known.
import { linter } from '@codemirror/lint';
import { getSchema, schemaStateField } from 'cm6-graphql';
import { GraphQLError, NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';

const MILLISECONDS = 350;

/** An error names a node, which may span many lines: only its first is marked. */
function range(document, error) {
  const from = Math.min(error.positions?.[0] ?? 0, document.length);
  const line = document.lineAt(from);
  const end = error.nodes?.[0]?.loc?.end;
  const word = /^[\w$@"]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 1;
  const to = Math.min(end ?? from + word, line.to, from + Math.max(word, 1));
  return { from: to > from ? from : Math.max(line.from, from - 1), to: Math.max(to, from) };
}

function findings(query, schema) {
  try {
    const document = parse(query);
    if (!schema) return [];
    const errors = validate(schema, document, specifiedRules).map((error) => ({ error, severity: 'error' }));
    const notes = validate(schema, document, [NoDeprecatedCustomRule]).map((error) => ({ error, severity: 'warning' }));
    return [...errors, ...notes];
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [{ error, severity: 'error' }];
  }
}

/** `found` gets the problems, first to last, each with `line`, `severity` and `message`. */
export function queryLint(found) {
  const source = (view) => {
    const query = view.state.doc.toString();
    const diagnostics = query.replaceAll(/#.*/g, '').trim()
      ? findings(query, getSchema(view.state)).map(({ error, severity }) => ({
          ...range(view.state.doc, error),
          severity,
          message: error.message,
        }))
      : [];
    found(diagnostics.map(({ from, severity, message }) => ({ severity, message, line: view.state.doc.lineAt(from).number })));
    return diagnostics;
  };
  const needsRefresh = ({ startState, state }) => startState.field(schemaStateField) !== state.field(schemaStateField);
  return linter(source, { delay: MILLISECONDS, needsRefresh });
}
