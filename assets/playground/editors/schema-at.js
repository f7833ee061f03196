// Tells which part of the schema a place in a query speaks of, even while the query cannot be parsed.
import { getSchema, offsetToPos } from 'cm6-graphql';
import { getNamedType } from 'graphql';
import { getTokenAtPosition, getTypeInfo } from 'graphql-language-service';

const ARGUMENTS = ['Argument', 'FragmentArgument'];

function describe({ kind, step }, info, word) {
  const owner = info.parentType && getNamedType(info.parentType).name;
  if (ARGUMENTS.includes(kind) && step === 0 && info.argDef) {
    return { signature: `${word}: ${info.argDef.type}`, description: info.argDef.description, type: owner, field: info.fieldDef?.name };
  }
  if (kind === 'ObjectField' && step === 0 && info.objectFieldDefs?.[word]) {
    const field = info.objectFieldDefs[word];
    return { signature: `${word}: ${field.type}`, description: field.description, type: getNamedType(field.type).name };
  }
  if (['Field', 'AliasedField'].includes(kind) && info.fieldDef) {
    const field = info.fieldDef;
    return { signature: `${owner}.${field.name}: ${field.type}`, description: field.description, deprecated: field.deprecationReason, type: owner, field: field.name };
  }
  if (kind === 'EnumValue' && info.enumValue) {
    return { signature: info.enumValue.name, description: info.enumValue.description, type: getNamedType(info.inputType)?.name };
  }
  return null;
}

/** `{ from, to, signature, description, deprecated, type, field }`, or null where there is nothing to tell. */
export function schemaAt(state, position) {
  const schema = getSchema(state);
  const word = state.wordAt(position);
  if (!schema || !word) return null;
  const name = state.sliceDoc(word.from, word.to);
  const token = getTokenAtPosition(state.doc.toString(), offsetToPos(state.doc, word.from));
  const named = schema.getType(name);
  const found =
    token.state.kind === 'NamedType' && named
      ? { signature: name, description: named.description, type: name }
      : describe(token.state, getTypeInfo(schema, token.state), name);
  return found && { ...found, from: word.from, to: word.to };
}
