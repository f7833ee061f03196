// The pages of the docs: all types, one type with its fields, and the results of a search.
import {
  astFromValue, getNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isScalarType, isUnionType, print,
} from 'graphql';
import { element } from '../element.js';
import { prose } from './prose.js';

const KINDS = [
  ['Objects', 'object', isObjectType],
  ['Interfaces', 'interface', isInterfaceType],
  ['Unions', 'union', isUnionType],
  ['Inputs', 'input', isInputObjectType],
  ['Enums', 'enum', isEnumType],
  ['Scalars', 'scalar', isScalarType],
];

const heading = (level, text, attributes = {}) => element(`h${level}`, attributes, text);
const pageHeading = (...content) => element('h3', { tabindex: '-1', class: 'docs-title' }, ...content);

/** `[Album!]!` with `Album` as a link. */
function typeLink(type, open) {
  const { name } = getNamedType(type);
  const [before, after] = String(type).split(name);
  return element('span', { class: 'type' }, before, element('button', { type: 'button', class: 'link', onclick: () => open(name) }, name), after);
}

const deprecation = (reason) => reason && element('p', { class: 'deprecated' }, 'Deprecated: ', reason);

function defaultValue({ defaultValue: value, type }) {
  return value === undefined ? null : element('span', { class: 'default' }, ` = ${print(astFromValue(value, type))}`);
}

function argumentRow(argument, open) {
  return element('li', {},
    element('code', {}, element('span', { class: 'argument' }, argument.name), ': ', typeLink(argument.type, open), defaultValue(argument)),
    prose(argument.description),
    deprecation(argument.deprecationReason),
  );
}

function fieldRow(field, open) {
  const args = field.args ?? [];
  return element('li', { id: `docs-field-${field.name}`, tabindex: '-1' },
    element('code', { class: 'signature' }, element('b', {}, field.name), ': ', typeLink(field.type, open), defaultValue(field)),
    prose(field.description),
    deprecation(field.deprecationReason),
    args.length > 0 && element('ul', { class: 'arguments', 'aria-label': `Arguments of ${field.name}` }, args.map((argument) => argumentRow(argument, open))),
  );
}

function valueRow(value) {
  return element('li', { id: `docs-field-${value.name}`, tabindex: '-1' },
    element('code', { class: 'signature' }, element('b', {}, value.name)),
    prose(value.description),
    deprecation(value.deprecationReason),
  );
}

function typeList(title, types, open) {
  if (types.length === 0) return null;
  return [heading(4, title), element('ul', { class: 'type-list' }, types.map((type) => element('li', {}, typeLink(type, open))))];
}

function members(type, open) {
  if (isEnumType(type)) return [heading(4, 'Values'), element('ul', { class: 'fields' }, type.getValues().map(valueRow))];
  if (!('getFields' in type)) return null;
  const rows = Object.values(type.getFields()).map((field) => fieldRow(field, open));
  return [heading(4, 'Fields'), element('ul', { class: 'fields' }, rows)];
}

/** Where a reader begins: what can be asked for, then every type by kind. */
export function overviewPage(schema, open) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(Boolean);
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__') && !roots.includes(type));
  return [
    pageHeading('Schema'),
    prose(schema.description ?? 'Every query starts at a root type. Follow the links, or search.'),
    typeList('Roots', roots, open),
    KINDS.map(([title, , is]) => typeList(title, types.filter(is), open)),
  ].flat(3).filter(Boolean);
}

/** One type; `open(typeName)` follows a link. */
export function typePage(schema, type, open) {
  const [, kind] = KINDS.find(([, , is]) => is(type));
  const abstract = isInterfaceType(type) || isUnionType(type);
  return [
    pageHeading(type.name, ' ', element('span', { class: 'kind' }, kind)),
    prose(type.description),
    isScalarType(type) && type.specifiedByURL && element('p', {}, element('a', { href: type.specifiedByURL, rel: 'noreferrer' }, 'Specification')),
    'getInterfaces' in type && typeList('Implements', type.getInterfaces(), open),
    abstract && typeList('Possible types', schema.getPossibleTypes(type), open),
    members(type, open),
  ].flat(3).filter(Boolean);
}

/** The matches of a search; `open(type, field)` follows one. */
export function resultsPage(text, matches, open) {
  if (matches.length === 0) return [pageHeading('No match'), element('p', {}, `Nothing in the schema is called or described as “${text}”.`)];
  const row = ({ label, type, field, of, description }) =>
    element('li', {},
      element('button', { type: 'button', class: 'link', onclick: () => open(type, field) }, label),
      of && element('code', { class: 'of' }, ` ${of}`),
      description && element('p', {}, description.split('\n')[0]),
    );
  return [pageHeading(matches.length === 1 ? '1 match' : `${matches.length} matches`), element('ul', { class: 'matches' }, matches.map(row))];
}
