// Text that replaces a selection goes through the editor, never through the browser's own editing: that would carry the
// colour of the replaced text over in a style attribute, which the content security policy forbids.
import { EditorView } from '@codemirror/view';

/** The browser may know a newer selection than the editor does, because it tells of a change only afterwards. */
function adoptSelection(view) {
  const selection = document.getSelection();
  if (selection.rangeCount === 0) return;
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  if (!view.contentDOM.contains(startContainer) || !view.contentDOM.contains(endContainer)) return;
  const from = view.posAtDOM(startContainer, startOffset);
  const to = view.posAtDOM(endContainer, endOffset);
  const { main } = view.state.selection;
  if (from !== main.from || to !== main.to) view.dispatch({ selection: { anchor: from, head: to }, userEvent: 'select' });
}

function replaceSelection(view, text) {
  const { state } = view;
  const { from, to } = state.selection.main;
  const insert = () => state.update(state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
  // Other extensions go first: one encloses the selection when a bracket is typed.
  const handled = state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert));
  if (!handled) view.dispatch(insert());
}

/** For every editor, and for read-only views, where nothing can be typed. */
export const overwrite = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (view.state.readOnly) return true;
    // Where the browser offers an edit context, it leaves the elements to the editor.
    if (view.contentDOM.editContext || event.inputType !== 'insertText' || event.isComposing || !event.data) return false;
    adoptSelection(view);
    if (view.state.selection.main.empty) return false;
    replaceSelection(view, event.data);
    return true;
  },
  /** An input method cannot be replaced, but it can begin where nothing is selected any more. */
  compositionstart(_, view) {
    const { state } = view;
    if (view.contentDOM.editContext || state.readOnly || state.selection.main.empty) return false;
    view.dispatch(state.replaceSelection(''), { userEvent: 'input.type.compose.start' });
    return false;
  },
});
