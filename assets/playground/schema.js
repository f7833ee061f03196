// Asks the server for its schema; when it does not tell, says why in a sentence for people.
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { send } from './request.js';

const WITH_DEPRECATED_INPUTS = { inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true };

function reason(answer) {
  if (answer.unreachable) return 'The server could not be reached.';
  const message = answer.json?.errors?.[0]?.message;
  if (message) return `The server says: ${message}`;
  return `The server answered ${answer.status} without a schema.`;
}

async function introspect(options, headers) {
  const answer = await send({ query: getIntrospectionQuery(options), operationName: 'IntrospectionQuery' }, { headers });
  return answer.json?.data?.__schema ? { data: answer.json.data } : { problem: reason(answer), retry: Boolean(answer.json) };
}

/** `{ schema }` or `{ problem }`. */
export async function loadSchema(headers) {
  let answer = await introspect(WITH_DEPRECATED_INPUTS, headers);
  // A server may know an older introspection only, without deprecated arguments.
  if (answer.retry) answer = await introspect({}, headers);
  if (!answer.data) return { problem: answer.problem };
  try {
    return { schema: buildClientSchema(answer.data, { assumeValid: true }) };
  } catch (error) {
    return { problem: `The schema cannot be read: ${error.message}` };
  }
}
