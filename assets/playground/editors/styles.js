// Lets CodeMirror's styles through a strict content security policy: as adopted sheets, not as a style element.
import { StyleModule } from 'style-mod';

const sheets = new Map();
let order = [];

function sheetOf(module) {
  if (!sheets.has(module)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    sheets.set(module, sheet);
  }
  return sheets.get(module);
}

/** Keeps the order that each caller asks for, because later rules win; the last caller decides a conflict. */
function merged(known, wanted) {
  const result = known.filter((module) => !wanted.includes(module));
  let place = 0;
  for (const module of wanted) {
    const before = known.indexOf(module);
    const anchor = before < 0 ? -1 : result.findIndex((other) => known.indexOf(other) > before);
    if (before >= 0) place = Math.max(place, anchor < 0 ? result.length : anchor);
    result.splice(place, 0, module);
    place += 1;
  }
  return result;
}

/** To be called before the first editor is made. */
export function adoptEditorStyles() {
  StyleModule.mount = (root, modules) => {
    const wanted = [modules].flat();
    if (wanted.every((module) => order.includes(module))) return;
    const others = root.adoptedStyleSheets.filter((sheet) => !order.some((module) => sheets.get(module) === sheet));
    order = merged(order, wanted);
    root.adoptedStyleSheets = [...others, ...order.map(sheetOf)];
  };
}
