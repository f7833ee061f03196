// What the pages do when scripts run; every page works without.
import 'htmx.org/dist/htmx.esm.js';
import './js/cart.js';
import './js/clicks.js';
import './js/covers.js';
import './js/failures.js';
import './js/filter.js';
import './js/focus.js';
import './js/head.js';
import './js/history.js';
import './js/menu.js';
import './js/strip.js';
import './js/suggestions.js';
