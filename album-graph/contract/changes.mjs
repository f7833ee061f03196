// What changed between two versions of the schema, and whether clients of the older one were given notice.
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, isUnionType, getNamedType } from 'graphql';

/** Every change but deprecations; what came with a type or field that is new is not told apart. */
export async function changes(older, newer) {
  const all = (await diff(older, newer)).filter(({ type }) => !/DEPRECAT|DIRECTIVE_USAGE/.test(type));
  const isNew = ({ type }) => /^(TYPE|FIELD|DIRECTIVE)_ADDED$/.test(type);
  const added = new Set(all.filter(isNew).map(({ path }) => path));
  // A root has no path of its own: one that is new is told as a type.
  const pathOf = ({ path, meta }) => path ?? meta.newMutationTypeName ?? meta.newSubscriptionTypeName ?? '';
  const isPart = (change) => {
    const names = pathOf(change).split('.');
    const above = names.slice(0, -1).some((_, index) => added.has(names.slice(0, index + 1).join('.')));
    return above || (added.has(pathOf(change)) && !isNew(change));
  };
  return all.filter((change) => !isPart(change)).map((change) => ({ ...change, path: pathOf(change) }));
}

/** The breaking changes that no deprecation foretold with a date before `today`, `YYYY-MM-DD`. */
export async function unannounced(older, newer, today) {
  const breaking = (await changes(older, newer)).filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  return breaking.filter((change) => !foretold(older, change, today)).map(({ message }) => message);
}

/** What is deprecated: its path, and why. */
export function deprecations(schema) {
  const deprecated = [...parts(schema)].filter(({ node }) => node.deprecationReason != null);
  return new Map(deprecated.map(({ path, node }) => [path, node.deprecationReason]));
}

/** What is deprecated for a reason that does not say after which date it may be gone. */
export function undated(schema) {
  return [...deprecations(schema)].filter(([, reason]) => !lastDay(reason)).map(([path]) => path);
}

/** The date in the reason of a deprecation; undefined without either. */
function lastDay(reason) {
  const date = reason?.match(/\b\d{4}-\d{2}-\d{2}\b/)?.[0];
  return Number.isNaN(Date.parse(date)) ? undefined : date;
}

function foretold(schema, { type, path }, today) {
  if (type === 'TYPE_REMOVED') return unused(schema, path, today);
  const above = (part) => path === part.path || path.startsWith(`${part.path}.`);
  return [...parts(schema)].some((part) => above(part) && lastDay(part.node.deprecationReason) < today);
}

/** Whether all that leads to a type was to be gone by now: then nobody can miss it. */
function unused(schema, name, today, asked = new Set()) {
  if (asked.has(name)) return true;
  asked.add(name);
  const uses = [...parts(schema)].filter(({ types }) => types.includes(name));
  const over = ({ path, node }) => lastDay(node.deprecationReason) < today || unused(schema, path.split('.')[0], today, asked);
  return uses.length > 0 && uses.every(over);
}

/** Every type, field, argument and value: its path, its definition, and the names of the types that it leads to. */
function* parts(schema) {
  for (const type of Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type))) {
    const path = type.name;
    if (isUnionType(type)) yield { path, node: type, types: type.getTypes().map(({ name }) => name) };
    // Whoever asks for an interface may get any type that has it.
    if (isInterfaceType(type)) yield { path, node: type, types: schema.getPossibleTypes(type).map(({ name }) => name) };
    if (isEnumType(type)) for (const value of type.getValues()) yield { path: `${path}.${value.name}`, node: value, types: [] };
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      yield { path: `${path}.${field.name}`, node: field, types: [getNamedType(field.type).name] };
      for (const argument of field.args ?? []) {
        yield { path: `${path}.${field.name}.${argument.name}`, node: argument, types: [getNamedType(argument.type).name] };
      }
    }
  }
}
