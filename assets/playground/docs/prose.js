// Turns the descriptions of a schema into elements: paragraphs and `code`, the marks that they use.
import { element } from '../element.js';

/** One line of text, with `code` as elements. */
export function inline(text) {
  return text.split(/(`[^`]+`)/).filter(Boolean).map((part) =>
    /^`.+`$/.test(part) ? element('code', {}, part.slice(1, -1)) : part,
  );
}

/** The paragraphs of `description`; none when there is none. */
export function prose(description) {
  return (description ?? '').split(/\n\s*\n/).filter((text) => text.trim()).map((text) => element('p', {}, inline(text.trim())));
}
