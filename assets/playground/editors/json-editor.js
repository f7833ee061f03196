// The editors for variables and headers: JSON objects, checked while they are written.
import { json } from '@codemirror/lang-json';
import { linter } from '@codemirror/lint';
import { createDocumentEditor } from './document-editor.js';

/** `{ value }` for an object, `{ value: {} }` for nothing, else `{ problem, position }`. */
export function readObject(text) {
  if (!text.trim()) return { value: {} };
  try {
    const value = JSON.parse(text);
    if (value && typeof value === 'object' && !Array.isArray(value)) return { value };
    return { problem: 'This must be a JSON object: { … }', position: 0 };
  } catch (error) {
    return { problem: error.message, position: Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length) };
  }
}

const objectLint = linter(({ state }) => {
  const { problem, position } = readObject(state.doc.toString());
  if (!problem) return [];
  const to = Math.min(position + 1, state.doc.length);
  return [{ from: Math.max(0, Math.min(position, to - 1)), to, severity: 'error', message: problem }];
}, { delay: 350 });

/** An editor for JSON objects. */
export function createJsonEditor({ parent, label, edited }) {
  return createDocumentEditor({ parent, label, edited, extensions: [json(), objectLint] });
}
