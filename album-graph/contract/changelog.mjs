// Writes CHANGELOG.md: what changed for clients since the last release is taken from the two schemas, older releases stay.
import { CriticalityLevel } from '@graphql-inspector/core';
import { changes, deprecations } from './changes.mjs';

const TITLE = '# Changes of schema.graphql';
const UNRELEASED = '## Unreleased';
const ABOUT = `What is breaking was deprecated before, with the date after which it may be gone. What needs care breaks no document, but a
client may meet what it did not know.`;

const isBreaking = ({ criticality }) => criticality.level === CriticalityLevel.Breaking;
const needsCare = ({ criticality }) => criticality.level === CriticalityLevel.Dangerous;
const rewords = ({ type }) => type.includes('DESCRIPTION');
const adds = ({ type }) => type.endsWith('_ADDED');

/** The text of the changelog, where `text` is the one there was. */
export async function written(text, released, current) {
  return [`${TITLE}\n\n${ABOUT}\n`, await section(released, current), ...releases(text)].join('\n');
}

/** The same as a release: what was unreleased is now `version`'s. */
export async function closed(text, released, current, version) {
  const heading = `## ${version}`;
  if (releases(text).some((release) => release.startsWith(`${heading}\n`))) throw new Error(`${version} has been released before`);
  const now = (await section(released, current)).replace(UNRELEASED, heading);
  return [`${TITLE}\n\n${ABOUT}\n`, `${UNRELEASED}\n\nNothing.\n`, now, ...releases(text)].join('\n');
}

function releases(text) {
  return text
    .split(/^(?=## )/m)
    .slice(1)
    .filter((release) => !release.startsWith(`${UNRELEASED}\n`))
    .map((release) => `${release.trimEnd()}\n`);
}

async function section(released, current) {
  let rest = await changes(released, current);
  /** A change goes under the first heading that it fits. */
  const take = (fits) => {
    const taken = rest.filter(fits);
    rest = rest.filter((change) => !fits(change));
    return taken.map((change) => entry(change, current));
  };
  const groups = {
    Breaking: take(isBreaking),
    'Needs care': take(needsCare),
    Deprecated: deprecated(released, current),
    'Described anew': take(rewords),
    Added: take(adds),
    Changed: take(() => true),
  };
  const filled = Object.entries(groups).filter(([, entries]) => entries.length > 0);
  const text = filled.map(([heading, entries]) => `### ${heading}\n\n${entries.map((text) => `- ${text}\n`).join('')}`).join('\n');
  return `${UNRELEASED}\n\n${text || 'Nothing.\n'}`;
}

function deprecated(released, current) {
  const [before, now] = [deprecations(released), deprecations(current)];
  const fresh = [...now].filter(([path, reason]) => before.get(path) !== reason).map(([path, reason]) => `\`${path}\`: ${reason}`);
  const over = [...before.keys()].filter((path) => !now.has(path) && exists(current, path));
  return [...fresh, ...over.map((path) => `\`${path}\` stays after all.`)];
}

function exists(schema, path) {
  const [type, field, argument] = path.split('.');
  const found = schema.getType(type)?.getFields?.()[field] ?? schema.getType(type)?.getValue?.(field);
  return Boolean(argument ? found?.args?.some(({ name }) => name === argument) : found);
}

/** What is new in the words of its description, what is reworded by its path, anything else as the inspector puts it. */
function entry(change, schema) {
  const { message, path } = change;
  if (rewords(change)) return `\`${path}\``;
  const [typeName, fieldName] = path.split('.');
  const type = schema.getType(typeName);
  const field = fieldName && type?.getFields?.()[fieldName];
  if (change.type === 'TYPE_ADDED') return `\`${typeName}\`: ${firstSentence(type)}`;
  if (/^(INPUT_)?FIELD_ADDED$/.test(change.type)) return `\`${typeName}.${signature(field)}\`: ${firstSentence(field)}`;
  return `${message.replaceAll(/'([^']+)'/g, '`$1`')}.`;
}

function signature({ name, args = [], type }) {
  const list = args.map((argument) => `${argument.name}: ${argument.type}`).join(', ');
  return `${name}${list && `(${list})`}: ${type}`;
}

function firstSentence({ description }) {
  const [sentence] = (description ?? '').replaceAll(/\s+/g, ' ').split(/(?<=[.:;]) /);
  return sentence.replace(/[.:;]?$/, '.');
}
