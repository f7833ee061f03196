// Shows the body of a response: JSON that can be folded and searched, or text as it came.
import { json } from '@codemirror/lang-json';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { overwrite } from './overwrite.js';
import { theme } from './theme.js';

/** Returns `show(text, isJson)`. */
export function createResultView(parent) {
  const language = new Compartment();
  const create = (doc, isJson) =>
    EditorState.create({
      doc,
      extensions: [
        overwrite,
        basicSetup,
        theme,
        language.of(isJson ? json() : EditorView.lineWrapping),
        // Read-only, yet with a cursor: the keyboard can move, fold, select and search.
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': 'Response body', tabindex: '0', 'aria-readonly': 'true' }),
      ],
    });
  const view = new EditorView({ parent, state: create('', true) });
  return (text, isJson) => view.setState(create(text, isJson));
}
