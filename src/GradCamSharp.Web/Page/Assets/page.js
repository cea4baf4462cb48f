// Where the page begins. What it needs of the server comes with the modules: where that fails, the page says so.

import { fail } from './dom.js';

try {
  await (await import('./controls.js')).begin();
} catch (error) {
  console.error(error);
  // A module that does not arrive gives no reason of its own.
  fail(error instanceof TypeError ? new Error('Parts of this page did not arrive. Load it again.') : error);
}
document.documentElement.dataset.ready = 'true';
