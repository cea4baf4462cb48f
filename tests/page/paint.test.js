import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levels, paint } from '../../src/GradCamSharp.Web/Page/Assets/paint.js';

const red = Uint8Array.from({ length: 768 }, (_, i) => i % 3 === 0 ? 255 : 0);
const picture = Uint8ClampedArray.of(10, 20, 30, 255, 200, 100, 50, 255);
const look = { view: 'overlay', opacity: 1, threshold: 0.5, hide: false };

function painted(map, changes = {}, seen = null) {
  const target = { data: new Uint8ClampedArray(8), width: 2 };
  paint(target, picture, map, { ...look, ...changes }, red, seen);
  return [...target.data];
}

test('levels: 256 of them, rounded, within bounds', () => {
  assert.deepEqual([...levels(Float32Array.of(-1, 0, 0.5, 1, 2))], [0, 0, 128, 255, 255]);
});

test('paint: no map is the picture', () => assert.deepEqual(painted(null), [...picture]));

test('paint: no evidence leaves the picture, the most gives its colour', () => {
  assert.deepEqual(painted(Uint8Array.of(0, 255)), [10, 20, 30, 255, 255, 0, 0, 255]);
});

test('paint: a mask darkens what has no evidence', () => {
  assert.deepEqual(painted(Uint8Array.of(0, 255), { view: 'masked' }), [0, 0, 0, 255, 200, 100, 50, 255]);
});

test('paint: what is below the threshold can be hidden', () => {
  assert.deepEqual(painted(Uint8Array.of(120, 255), { hide: true }).slice(0, 4), [10, 20, 30, 255]);
  assert.deepEqual(painted(Uint8Array.of(120, 255), { hide: true, view: 'alone' }).slice(0, 4), [0, 0, 0, 255]);
});

for (const view of ['overlay', 'alone', 'masked']) {
  test(`paint: what the network does not see is grey, ${view}`, () => {
    const [r, g, b, a] = painted(Uint8Array.of(0, 255), { view }, { left: 1, top: 0, right: 2, bottom: 1 });
    assert.ok(r === g && g === b && a === 255, `${[r, g, b, a]}`);
    assert.ok(r > 18 && r < 128, 'nearer to the middle than the picture');
  });
}

test('paint: the picture is darkened under single pixels', () => {
  const target = { data: new Uint8ClampedArray(8), width: 2 };
  const map = Uint8Array.of(0, 255);
  paint(target, picture, map, { ...look, opacity: 0.5 }, red, null, map, true);
  assert.deepEqual([...target.data.slice(0, 3)], [6, 12, 18]);
});

test('paint: the colour is the level, how much of it the strength', () => {
  const target = { data: new Uint8ClampedArray(8), width: 2 };
  paint(target, picture, Uint8Array.of(0, 0), look, red, null, Uint8Array.of(255, 0));
  assert.deepEqual([...target.data], [255, 0, 0, 255, 200, 100, 50, 255]);
});
