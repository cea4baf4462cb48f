import assert from 'node:assert/strict';
import { test } from 'node:test';
import { depthLayers } from '../../src/GradCamSharp.Web/Page/Assets/depth.js';

const layer = (name, channels, side) => ({
  name, operator: 'Relu', shape: [1, channels, side, side], map: [side, side], format: 'nchw', default: false, missing: [],
});

// Blocks as those of ResNet: the first of a stage has narrow layers at the old size, and a shortcut.
const residual = [
  layer('stem', 64, 112), layer('pool', 64, 56),
  layer('1.narrow', 64, 56), layer('1.shortcut', 256, 56), layer('1.end', 256, 56),
  layer('2.narrow', 128, 56), layer('2.inner', 128, 28), layer('2.shortcut', 512, 28), layer('2.end', 512, 28),
  layer('3.narrow', 256, 28), layer('3.inner', 256, 14), layer('3.shortcut', 1024, 14), layer('3.end', 1024, 14),
  layer('4.narrow', 512, 14), layer('4.inner', 512, 7), layer('4.shortcut', 2048, 7), layer('4.end', 2048, 7),
];

const sides = layers => layers.map(l => l.map[0]);

test('depthLayers: one a resolution, at the end of its blocks', () => {
  assert.deepEqual(depthLayers(residual, []).map(l => l.name), ['stem', '1.end', '2.end', '3.end', '4.end']);
});

test('depthLayers: maps never grow, whatever else is shown', () => {
  const chosen = depthLayers(residual, ['3.shortcut', '4.narrow', '4.end', null, undefined]);
  assert.deepEqual(sides(chosen), [112, 56, 28, 14, 14, 14, 7]);
  assert.deepEqual(chosen.slice(3, 6).map(l => l.name), ['3.shortcut', '3.end', '4.narrow']);
});

test('depthLayers: few resolutions are shown at even steps, ending with the last', () => {
  const blocks = Array.from({ length: 12 }, (_, i) => ({ ...layer(`block ${i}`, 197, 14), format: 'tokens', shape: [1, 197, 384] }));
  assert.deepEqual(depthLayers(blocks, []).map(l => l.name), [1, 3, 5, 7, 9, 11].map(i => `block ${i}`));
});

test('depthLayers: fewer layers than steps are all shown', () => {
  assert.deepEqual(sides(depthLayers([layer('a', 1, 8), layer('b', 1, 4)], [])), [8, 4]);
  assert.deepEqual(depthLayers([], []), []);
});
