// Runs the programs that come with the packages.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BIN = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));

/** Runs `name` in `folder`; where it fails, its output is the error's message. */
export async function command(name, args, folder) {
  try {
    return await promisify(execFile)(path.join(BIN, name), args, { cwd: folder });
  } catch (error) {
    throw new Error(`${name} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}
