// `node main.mjs` brings CHANGELOG.md up to date; `node main.mjs VERSION` makes the schema as it is the one of a release.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { closed, written } from './changelog.mjs';
import { CHANGELOG, CURRENT, OPERATIONS, RELEASED, RELEASED_OPERATIONS, read } from './schemas.mjs';

const [version] = process.argv.slice(2);
const text = await readFile(CHANGELOG, 'utf8').catch(() => '');
const [released, current] = [read(RELEASED), read(CURRENT)];
if (version) {
  await writeFile(CHANGELOG, await closed(text, released, current, version));
  await copyFile(CURRENT, RELEASED);
  await copyFile(OPERATIONS, RELEASED_OPERATIONS);
} else {
  await writeFile(CHANGELOG, await written(text, released, current));
}
