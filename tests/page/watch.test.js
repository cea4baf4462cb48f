import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Watch } from '../../src/GradCamSharp.Web/Studies/Assets/watch.js';

test('Watch: the time in which the page is hidden does not count', () => {
  let now = 100;
  const watch = new Watch(() => now, false);
  now = 350.4;
  assert.equal(watch.milliseconds, 250);
  watch.toggle(true);
  now = 9000;
  assert.equal(watch.milliseconds, 250);
  watch.toggle(false);
  now = 9100;
  assert.equal(watch.milliseconds, 350);
});

test('Watch: a page that is hidden at first has not begun', () => {
  let now = 0;
  const watch = new Watch(() => now, true);
  now = 500;
  assert.equal(watch.milliseconds, 0);
});
