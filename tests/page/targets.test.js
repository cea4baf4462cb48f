import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cells, findingOf, findings, isTarget, partsOf, placeOf, targetAt } from '../../src/GradCamSharp.Web/Page/Assets/targets.js';

const nothing = { task: 'detect', detections: [], masks: [], keypoints: [], predictions: [], summary: '' };
const size = { width: 8, height: 4 };
// The right half of 4 x 2 cells over 8 x 4 pixels.
const half = { target: 'class:5@mask', label: 'dog', score: 0.5, size: [4, 2], counts: [2, 2, 2, 2] };
const boxes = {
  ...nothing,
  detections: [
    { index: 0, class: 1, label: 'car', score: 0.9, box: [0, 0, 8, 4] },
    { index: 1, class: 2, label: 'dog', score: 0.8, box: [4, 0, 6, 2], keypoints: [[5, 1, 0.9], [7, 3, 0.2]] },
  ],
};

test('cells: outside first, then inside, row by row', () => assert.deepEqual([...cells(half)], [0, 0, 1, 1, 0, 0, 1, 1]));

test('findings: boxes, masks and key points; classes where there are none of these', () => {
  const mask = { ...half, target: 'box:1.mask' };
  assert.deepEqual(findings({ ...boxes, masks: [mask] }).map(f => [f.target, f.kind, f.mask]), [['box:0', 'box', null], ['box:1', 'box', mask]]);
  assert.deepEqual(findings({ ...nothing, masks: [half] }).map(f => f.target), ['class:5@mask']);
  const predictions = [{ index: 3, label: 'a photo of a cat', probability: 0.7 }];
  assert.deepEqual(findings({ ...nothing, task: 'match texts', predictions }).map(f => f.target), ['class:3']);
  assert.deepEqual(findings({ ...nothing, task: 'caption', predictions }).map(f => f.target), ['token:last=3']);
});

test('targetAt: a key point in reach, else the smallest box, else nothing', () => {
  const found = findings(boxes);
  assert.equal(targetAt(boxes, found, 5, 1.4, size, 0.5), 'box:1.keypoint:0');
  assert.equal(targetAt(boxes, found, 4.2, 0.2, size, 0.5), 'box:1');
  assert.equal(targetAt(boxes, found, 1, 3, size, 0.5), 'box:0');
  assert.equal(targetAt(nothing, [], 1, 1, size, 0.5), null);
});

test('targetAt: of a segmenter the class that lies there, at that pixel', () => {
  const reading = { ...nothing, task: 'segment', masks: [half] };
  assert.equal(targetAt(reading, findings(reading), 6.2, 1, size, 1), 'class:5@6,1');
  assert.equal(targetAt(reading, findings(reading), 1, 1, size, 1), 'pixel:1,1');
});

test('targetAt: of a depth map its value, of proposed masks the one that lies there', () => {
  assert.equal(targetAt({ ...nothing, task: 'depth' }, [], 3, 2, size, 1), 'value@3,2');
  const reading = { ...nothing, task: 'masks for a prompt', masks: [{ ...half, target: 'mask:0' }] };
  assert.equal(targetAt(reading, findings(reading), 7, 3, size, 1), 'mask:0');
  assert.equal(targetAt(reading, findings(reading), 0, 0, size, 1), null);
});

test('findingOf: what a target is of, by its parts and places too', () => {
  const found = findings({ ...boxes, masks: [half] });
  assert.equal(findingOf('box:1.x1', found)?.target, 'box:1');
  assert.equal(findingOf('class:5@6,1', found)?.target, 'class:5@mask');
  assert.equal(findingOf('box:11', found), null);
});

test('placeOf: the pixel that a target names', () => {
  assert.deepEqual(placeOf('class:5@6,1'), [6, 1]);
  assert.deepEqual(placeOf('pixel:120,80'), [120, 80]);
  assert.equal(placeOf('class:5@mask'), null);
  assert.equal(placeOf('box:1,2,3,4'), null);
});

test('partsOf: key points and the mask where there are any', () => {
  const [car, dog] = findings(boxes);
  assert.deepEqual(partsOf(car).map(p => p[0]), ['', 'class', 'x1', 'y1', 'x2', 'y2']);
  assert.ok(partsOf(dog).some(p => p[0] === 'keypoint:1'));
});

test('isTarget: the forms of the language, not the names of classes', () => {
  for (const text of ['class:3', 'box:dog/2', '-similarity:b.jpg', '2*box:0 + box:1', 'value', 'value@all', 'output0[0,5,17]', 'sum(a[:])'])
    assert.ok(isTarget(text), text);
  for (const text of ['dog', 'tabby, tabby cat', '17', 'box turtle', 'value meal']) assert.ok(!isTarget(text), text);
});
