// Keeps small JSON values in the browser; a full or forbidden storage costs memory of edits, never the page.

function keeper(storage) {
  return {
    read(key, fallback) {
      try {
        return JSON.parse(storage().getItem(`playground:${key}`)) ?? fallback;
      } catch {
        return fallback;
      }
    },
    write(key, value) {
      try {
        storage().setItem(`playground:${key}`, JSON.stringify(value));
      } catch {
        // Private windows and full disks refuse; the page works on without.
      }
    },
  };
}

/** Lasts until the visitor clears it. */
export const lasting = keeper(() => window.localStorage);

/** Lasts as long as the browser's tab: right for headers, which may carry a token. */
export const passing = keeper(() => window.sessionStorage);
