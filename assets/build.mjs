// Bundles the browser assets of both programs into dist/: minified, named by content, compressed beforehand.
// For each program it also writes dist/PROGRAM.rs, a Rust module with one constant per file, which the program includes.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const PROGRAMS = {
  storefront: ['app.css', 'app.js', 'favicon.svg'],
  playground: ['playground.css', 'playground.js'],
  docs: ['docs.css'],
};

const CONTENT_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const here = import.meta.dirname;
const dist = path.join(here, 'dist');

async function bundle(program, names) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: names.map((name) => path.join(program, name)),
    outdir: dist,
    bundle: true,
    minify: true,
    write: false,
    legalComments: 'none',
    format: 'esm',
    target: ['es2022', 'chrome120', 'firefox120', 'safari17'],
    loader: { '.svg': 'copy' },
    logLevel: 'warning',
  });
  return result.outputFiles.map(({ path: file, contents }) => ({ name: path.basename(file), contents }));
}

// A file that stays as it is keeps its time, so that nothing is compiled again for it.
async function write(file, contents) {
  const current = await readFile(file).catch(() => null);
  if (!current?.equals(Buffer.from(contents))) await writeFile(file, contents);
}

async function emit(program, { name, contents }) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  const hashed = `${stem}-${hash}${ext}`;
  const brotli = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(contents, { level: 9 });
  const file = path.join(dist, program, hashed);
  await write(`${file}.br`, brotli);
  await write(`${file}.gz`, gzip);
  return { name, hashed, contentType: CONTENT_TYPES[ext] };
}

async function removeOthers(program, files) {
  const folder = path.join(dist, program);
  const current = new Set(files.flatMap(({ hashed }) => [`${hashed}.br`, `${hashed}.gz`]));
  for (const name of await readdir(folder)) {
    if (!current.has(name)) await rm(path.join(folder, name));
  }
}

function rust(program, files) {
  const constant = ({ name }) => name.replaceAll(/[^a-z0-9]/gi, '_').toUpperCase();
  const items = files.map(
    (file) => `/// \`${file.name}\`
pub const ${constant(file)}: service::assets::Asset = service::assets::Asset {
    path: "/assets/${file.hashed}",
    content_type: "${file.contentType}",
    brotli: include_bytes!("${program}/${file.hashed}.br"),
    gzip: include_bytes!("${program}/${file.hashed}.gz"),
};
`,
  );
  const all = files.map((file) => `&${constant(file)}`).join(', ');
  return `${items.join('\n')}\n/// Every asset of the program.\npub const ALL: &[&service::assets::Asset] = &[${all}];\n`;
}

for (const [program, names] of Object.entries(PROGRAMS)) {
  await mkdir(path.join(dist, program), { recursive: true });
  const files = [];
  for (const file of await bundle(program, names)) files.push(await emit(program, file));
  await write(path.join(dist, `${program}.rs`), rust(program, files));
  await removeOthers(program, files);
}
