// The editor for queries: highlighting, completion, problems, and the way from a name to its docs.
import { EditorView, hoverTooltip, keymap } from '@codemirror/view';
import { completion, graphqlLanguageSupport, stateExtensions, updateSchema } from 'cm6-graphql';
import { element } from '../element.js';
import { prose } from '../docs/prose.js';
import { createDocumentEditor } from './document-editor.js';
import { queryLint } from './query-lint.js';
import { schemaAt } from './schema-at.js';

function card({ signature, description, deprecated }) {
  return element('div', { class: 'hover-card' },
    element('code', {}, signature),
    description && element('div', {}, prose(description)),
    deprecated && element('p', { class: 'deprecated' }, `Deprecated: ${deprecated}`),
  );
}

const hover = hoverTooltip((view, position) => {
  const found = schemaAt(view.state, position);
  return found && { pos: found.from, end: found.to, above: true, create: () => ({ dom: card(found) }) };
});

function waysToDocs(openDocs) {
  const open = (state, position) => {
    const found = schemaAt(state, position);
    if (found?.type) openDocs(found.type, found.field);
    return Boolean(found?.type);
  };
  return [
    keymap.of([{ key: 'F1', preventDefault: true, run: ({ state }) => open(state, state.selection.main.head) }]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (position === null || !open(view.state, position)) return false;
        event.preventDefault();
        return true;
      },
    }),
  ];
}

/** `edited(text)`, `problems(list)` and `openDocs(type, field)` are called as the visitor works. */
export function createQueryEditor({ parent, edited, problems, openDocs }) {
  let schema;
  const extensions = [graphqlLanguageSupport(), completion, stateExtensions(), queryLint(problems), hover, waysToDocs(openDocs)];
  const editor = createDocumentEditor({ parent, label: 'Query', extensions, edited });
  return {
    ...editor,
    show(id, text) {
      editor.show(id, text);
      // Each tab has a state of its own, and the schema lives in the state.
      updateSchema(editor.view, schema);
    },
    setSchema(loaded) {
      schema = loaded;
      updateSchema(editor.view, schema);
    },
    cursor: () => editor.view.state.selection.main.head,
    /** Puts the cursor at a line and column that an error names, both from 1. */
    goTo(line, column) {
      const { doc } = editor.view.state;
      const place = doc.line(Math.min(Math.max(line, 1), doc.lines));
      editor.view.dispatch({ selection: { anchor: Math.min(place.from + column - 1, place.to) }, scrollIntoView: true });
      editor.view.focus();
    },
  };
}
