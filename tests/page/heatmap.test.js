import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, floats, heatMap, largestPart, normalize, seenPart, strength } from '../../src/GradCamSharp.Web/Page/Assets/heatmap.js';

const base64 = values => Buffer.from(Float32Array.from(values).buffer).toString('base64');
const whole = (width, height) => ({ original: [width, height], resized: [width, height], crop: [0, 0, width, height] });

test('floats: little-endian base64 comes back', () => {
  assert.deepEqual([...floats(base64([0, -1.5, 3e8]))], [0, -1.5, 3e8]);
});

test('strength: the largest absolute value over channels', () => {
  assert.deepEqual([...strength(Float32Array.of(1, -2, -3, 0.5), 2)], [3, 2]);
});

test('normalize: from 0 to 1; nothing positive is 0, all alike and positive is 1', () => {
  assert.deepEqual([...normalize(Float32Array.of(-1, 0, 3))], [0, 0.25, 1]);
  assert.deepEqual([...normalize(Float32Array.of(-2, -1, 0))], [0, 0, 0]);
  assert.deepEqual([...normalize(Float32Array.of(5, 5))], [1, 1]);
});

test('heatMap: the size of the map gives the map', () => {
  const map = heatMap({ shape: [2, 2], map: { data: base64([0, 1, 2, 4]) } }, false, whole(2, 2), 2, 2);
  assert.deepEqual([...map], [0, 0.25, 0.5, 1]);
});

test('heatMap: half-pixel centres, edges clamped', () => {
  const map = heatMap({ shape: [1, 2], map: { data: base64([0, 1]) } }, false, whole(4, 1), 4, 1);
  assert.deepEqual([...map], [0, 0.25, 0.75, 1]);
});

test('heatMap: what the crop cut off is 0', () => {
  const geometry = { original: [8, 4], resized: [8, 4], crop: [2, 0, 4, 4] };
  const map = heatMap({ shape: [1, 1], map: { data: base64([1]) } }, false, geometry, 8, 4);
  assert.deepEqual([...map.subarray(0, 8)], [0, 0, 1, 1, 1, 1, 0, 0]);
});

test('seenPart: where the map has values', () => {
  assert.equal(seenPart(whole(7, 5), 7, 5), null);
  const geometry = { original: [8, 4], resized: [8, 4], crop: [2, 0, 4, 4] };
  assert.deepEqual(seenPart(geometry, 8, 4), { left: 2, top: 0, right: 6, bottom: 4 });
  assert.deepEqual(seenPart(geometry, 16, 8), { left: 4, top: 0, right: 12, bottom: 8 });
});

test('largestPart: the largest, not the strongest; null where there is nothing', () => {
  const values = Float32Array.of(
    0.9, 0, 0, 0,
    0, 0, 0.6, 0.6,
    0, 0, 0, 0.6);
  assert.deepEqual(largestPart(values, 4, 0.5), [2, 1, 2, 2]);
  assert.deepEqual(largestPart(values, 4, 0.8), [0, 0, 1, 1]);
  assert.equal(largestPart(new Float32Array(4), 2, 0.5), null);
});

const method = { pixel_space: false, signed: false, family: 'cam' };

test('drawn: evidence is its own colour and strength', () => {
  const map = drawn({ shape: [1, 2], map: { data: base64([0, 2]) } }, method, whole(2, 1), 2, 1);
  assert.deepEqual([map.kind, [...map.map], [...map.strengths]], ['evidence', [0, 255], [0, 255]]);
});

test('drawn: a signed map has 0 in the middle, and is as strong as it is far from it', () => {
  const map = drawn({ shape: [1, 3], map: { data: base64([-4, 0, 2]) } }, { ...method, signed: true }, whole(3, 1), 3, 1);
  assert.deepEqual([map.kind, [...map.map], [...map.strengths]], ['signed', [0, 128, 191], [255, 0, 128]]);
  assert.deepEqual([...map.values], [0, 0, 1]);
});

test('drawn: of single pixels the 99.5th percentile is full strength', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i === 7 ? 1000 : i < 500 ? 0 : 1);
  const map = drawn({ shape: [1, 1, 1000], map: { data: base64(values) } }, { ...method, pixel_space: true }, whole(1000, 1), 1000, 1);
  assert.equal(map.kind, 'pixels');
  assert.deepEqual([map.map[0], map.map[7], map.map[999]], [0, 255, 255]);
});

test('drawn: of concepts the strongest is the colour', () => {
  const map = drawn({ shape: [2, 1, 2], map: { data: base64([4, 0, 1, 2]) } }, { ...method, family: 'concept' }, whole(2, 1), 2, 1);
  assert.deepEqual([map.kind, [...map.map], [...map.strengths]], ['concepts', [0, 1], [255, 128]]);
});
