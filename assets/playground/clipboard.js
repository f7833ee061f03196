// Copies text; where the browser forbids it, as on plain http, shows the text to be copied by hand.
import { byId } from './element.js';
import { toast } from './toast.js';

/** Says `done` when the text is in the clipboard. */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    const area = byId('copy-text');
    area.value = text;
    byId('copy-by-hand').showModal();
    area.select();
  }
}
