// Writes a request as a curl command for a POSIX shell.
import { allHeaders } from './request.js';

const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** One option a line, so that people can edit it. */
export function curlCommand(address, payload, headers) {
  const lines = Object.entries(allHeaders(headers)).map(([name, value]) => `--header ${quote(`${name}: ${value}`)}`);
  return [`curl ${quote(address)}`, ...lines, `--data ${quote(JSON.stringify(payload))}`].join(' \\\n  ');
}
