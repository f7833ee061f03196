// The changelog tells what clients must know, and is never behind.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import { closed, written } from './changelog.mjs';
import { CHANGELOG, CURRENT, RELEASED, read } from './schemas.mjs';

test('CHANGELOG.md is up to date', async () => {
  const text = readFileSync(CHANGELOG, 'utf8');
  assert.equal(text, await written(text, read(RELEASED), read(CURRENT)), 'run `cargo xtask contract`');
});

const OLDER = buildSchema(`type Query { "Gone soon." old: Int same: Int gone: Int order(by: Order): Int } enum Order { UP }`);
const NEWER = buildSchema(`
  type Query {
    "Gone soon." old: Int @deprecated(reason: "Gone after 2027-01-31.")
    "Told better. And longer." same: Int
    order(by: Order): Int
    "Finds things. At once." found(what: String!): [Thing!]!
  }
  enum Order { UP DOWN }
  "A thing: any."
  type Thing { "Its name." name: String! }
`);

test('each change is told once, under what it means to clients, and what is new in its own words', async () => {
  const text = await written('', OLDER, NEWER);
  const [, unreleased] = text.split('## Unreleased\n\n');
  assert.equal(
    unreleased,
    `### Breaking

- Field \`gone\` was removed from object type \`Query\`.

### Needs care

- Enum value \`DOWN\` was added to enum \`Order\`.

### Deprecated

- \`Query.old\`: Gone after 2027-01-31.

### Described anew

- \`Query.same\`

### Added

- \`Thing\`: A thing.
- \`Query.found(what: String!): [Thing!]!\`: Finds things.
`,
  );
});

test('what was deprecated and stays is told as well', async () => {
  const undone = buildSchema('type Query { old: Int }');
  const before = buildSchema('type Query { old: Int @deprecated(reason: "Gone after 2027-01-31.") }');
  assert.match(await written('', before, undone), /### Deprecated\n\n- `Query.old` stays after all\.\n$/);
});

test('a release closes what was unreleased and keeps the releases before', async () => {
  const before = await written('# Changes\n\n## Unreleased\n\nOld text.\n\n## 0.1.0\n\nThe first.\n', OLDER, NEWER);
  const after = await closed(before, OLDER, NEWER, '0.2.0');
  assert.match(after, /## Unreleased\n\nNothing\.\n\n## 0\.2\.0\n\n### Breaking[^]*## 0\.1\.0\n\nThe first\.\n$/);
  assert.equal(await written(after, NEWER, NEWER), after);
  await assert.rejects(closed(after, NEWER, NEWER, '0.2.0'), /has been released before/);
});
