// The look of the editors. All colours are custom properties, so light and dark need no script.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const frame = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'transparent', fontSize: 'var(--code-size)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { padding: '.5rem 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 .75rem 0 .5rem' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { background: 'var(--selection)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { background: 'var(--selection)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--match)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--line-active)' },
  '&.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--line-active)', color: 'var(--ink)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--match)', outline: '1px solid var(--edge-strong)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--bad-soft)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--quiet)', border: 'none', paddingLeft: '.25rem' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2ch', padding: '0 .125rem 0 .25rem' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 .25rem', cursor: 'pointer' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--raised)', border: '1px solid var(--edge-strong)', color: 'var(--soft)', padding: '0 .4em', margin: '0 .2em' },
  '.cm-searchMatch': { backgroundColor: 'var(--match)', outline: '1px solid var(--edge-strong)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--selection)' },
});

const floating = EditorView.theme({
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--edge-strong)', borderRadius: '6px', boxShadow: 'var(--shadow)', fontFamily: 'var(--sans)', fontSize: '.8125rem' },
  '.cm-tooltip-hover': { maxWidth: 'min(28rem, 90vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '14rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '.2rem .6rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-fill)', color: 'var(--on-accent)' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { color: 'var(--soft)', fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': { padding: '.4rem .6rem', maxWidth: '20rem' },
  '.cm-diagnostic': { padding: '.35rem .6rem' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)', textDecorationSkipInk: 'none', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--warn)', textDecorationSkipInk: 'none', textUnderlineOffset: '3px' },
  '.cm-panels': { backgroundColor: 'var(--page)', color: 'var(--ink)', fontFamily: 'var(--sans)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--edge)' },
  '.cm-panel.cm-search': { padding: '.5rem 2rem .5rem .75rem' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { fontSize: '.8125rem', margin: '.15rem .4rem .15rem 0' },
  '.cm-panel.cm-search input[type=checkbox]': { verticalAlign: 'middle' },
  '.cm-textfield': { backgroundColor: 'var(--paper)', color: 'var(--ink)', border: '1px solid var(--edge-strong)', borderRadius: '4px' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--edge-strong)', borderRadius: '4px' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--ink)', fontSize: '1.125rem', right: '.5rem', top: '.25rem' },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.modifier], color: 'var(--code-keyword)' },
  { tag: tags.propertyName, color: 'var(--code-property)' },
  { tag: tags.attributeName, color: 'var(--code-argument)' },
  { tag: tags.variableName, color: 'var(--code-variable)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.integer, tags.float, tags.number, tags.bool, tags.null, tags.special(tags.name)], color: 'var(--code-value)' },
  { tag: tags.atom, color: 'var(--code-type)' },
  { tag: tags.lineComment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.paren, tags.brace, tags.squareBracket], color: 'var(--soft)' },
]);

/** Everything that makes an editor look like the rest of the page. */
export const theme = [frame, floating, syntaxHighlighting(colours)];
