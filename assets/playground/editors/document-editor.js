// An editor for one document a tab: switching tabs keeps each document's history, selection and folds.
import { acceptCompletion } from '@codemirror/autocomplete';
import { EditorState, Prec, Transaction } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { overwrite } from './overwrite.js';
import { theme } from './theme.js';

const keys = Prec.highest(
  keymap.of([
    // The page runs the query on this key; without this the editor would also open a new line.
    { key: 'Mod-Enter', run: () => true },
    { key: 'Tab', run: acceptCompletion },
  ]),
);

/** `edited(text)` is called for what the visitor types, not for what the page sets. */
export function createDocumentEditor({ parent, label, extensions, edited }) {
  const states = new Map();
  let current;

  const all = [
    keys,
    overwrite,
    basicSetup,
    theme,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', autocorrect: 'off', autocapitalize: 'off', spellcheck: 'false' }),
    EditorView.updateListener.of((update) => {
      const own = update.transactions.some((transaction) => transaction.annotation(Transaction.userEvent) === 'page');
      if (update.docChanged && !own) edited(update.state.doc.toString());
    }),
    extensions,
  ];
  const view = new EditorView({ parent });

  function replace(text) {
    if (text === view.state.doc.toString()) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: 'page' });
  }

  return {
    view,
    text: () => view.state.doc.toString(),
    /** Shows the document of the tab `id`, whose text is `text`. */
    show(id, text) {
      if (id !== current) {
        if (current !== undefined) states.set(current, view.state);
        current = id;
        view.setState(states.get(id) ?? EditorState.create({ doc: text, extensions: all }));
      }
      replace(text);
    },
    /** Changes the text as if the visitor had, so that it can be undone. */
    rewrite(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
  };
}
