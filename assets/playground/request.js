// Sends a request to the endpoint, which is this page's own address, and describes whatever comes back.

export const ENDPOINT = location.pathname;

const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json',
};

/** The headers of a request; the visitor's win over the usual ones, whatever their case. */
export function allHeaders(own = {}) {
  const lower = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return { ...HEADERS, ...lower };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function describe(response, started) {
  const body = await response.arrayBuffer();
  const text = new TextDecoder().decode(body);
  return {
    status: response.status,
    statusText: response.statusText,
    milliseconds: performance.now() - started,
    bytes: body.byteLength,
    headers: [...response.headers],
    contentType: response.headers.get('content-type') ?? '',
    text,
    json: parsed(text),
  };
}

/**
 * Posts `{ query, variables, operationName }`. Answers the response, `{ cancelled: true }`, or `{ unreachable: reason }`;
 * `json` is undefined when the body is not JSON.
 */
export async function send(payload, { headers, signal } = {}) {
  const started = performance.now();
  try {
    const response = await fetch(ENDPOINT, {
      method: 'POST',
      headers: allHeaders(headers),
      body: JSON.stringify(payload),
      signal,
      cache: 'no-store',
    });
    return await describe(response, started);
  } catch (error) {
    if (signal?.aborted) return { cancelled: true };
    return { unreachable: error.message };
  }
}
