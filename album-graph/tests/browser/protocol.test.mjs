// GraphQL over HTTP, as npm's graphql-http audits it. The caller gives ALBUM_GRAPH_URL, a running album-graph.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(new URL('../../../assets/package.json', import.meta.url));
const { serverAudits } = require('graphql-http');

const url = new URL('/graphql', process.env.ALBUM_GRAPH_URL ?? 'http://127.0.0.1:4000').href;
const audits = serverAudits({ url });

test('all 61 audits are there', () => assert.equal(audits.length, 61));

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}
