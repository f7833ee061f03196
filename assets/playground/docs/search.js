// Finds types, fields, arguments and values by name or description.
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

const MOST = 60;

function membersOf(type) {
  if (isEnumType(type)) return type.getValues();
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) return Object.values(type.getFields());
  return [];
}

function* everything(schema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    yield { label: type.name, name: type.name, type: type.name, description: type.description };
    for (const member of membersOf(type)) {
      const label = `${type.name}.${member.name}`;
      yield { label, name: member.name, type: type.name, field: member.name, of: member.type, description: member.description };
      for (const argument of member.args ?? []) {
        yield { label: `${label}(${argument.name}:)`, name: argument.name, type: type.name, field: member.name, of: argument.type, description: argument.description };
      }
    }
  }
}

/** Smaller is better; undefined is no match. */
function rank({ label, name, description }, wanted) {
  const lower = name.toLowerCase();
  if (lower === wanted) return 0;
  if (lower.startsWith(wanted)) return 1;
  if (lower.includes(wanted)) return 2;
  if (label.toLowerCase().includes(wanted)) return 3;
  if (description?.toLowerCase().includes(wanted)) return 4;
  return undefined;
}

/** The best matches first, each with `label`, `type`, `field`, `of` and `description`. */
export function searchSchema(schema, text) {
  const wanted = text.trim().toLowerCase();
  const ranked = [...everything(schema)].map((entry) => ({ entry, rank: rank(entry, wanted) }));
  return ranked
    .filter((match) => match.rank !== undefined)
    .sort((a, b) => a.rank - b.rank || a.entry.label.length - b.entry.label.length)
    .slice(0, MOST)
    .map((match) => match.entry);
}
