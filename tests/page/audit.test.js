// The audit's explorer: which pictures are shown, the table, verdicts, and the arithmetic of the scatter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, framed, holds, nearest, zoomed } from '../../src/GradCamSharp.Audit/Explorer/Assets/plane.js';
import { chosen, csvOf, everything, withVerdict } from '../../src/GradCamSharp.Audit/Explorer/Assets/selection.js';

const finding = { number: 7, key: 'k', kind: 'same-mark', label: 'teapot', verdict: 'open', pictures: [1, 3] };
const audit = {
  truths: ['teapot', 'a "key", or two'],
  classes: [{ label: 'teapot', first: 0, count: 4 }, { label: 'key', first: 4, count: 2 }],
  findings: [finding],
  pictures: {
    id: ['a/0.jpg', 'a/1.jpg', 'b/2.jpg', '=b/3.jpg', 'c/4.jpg', 'c/5.jpg'], truth: [0, 0, 1, 0, 1, 1], right: '110-11',
    probability: [0.95, 0.4, 0.9, 0.2, 0.6, 1], outside: [0.1, 0.9, null, 0.6, 0.5, 0.2],
    sharp: [0.1, 0.8, 0.2, 0.7, null, null], aligned: [0.3, 0.1, 0.2, 0.1, null, null],
  },
};

const ask = choice => chosen(audit, { ...everything, order: 'data', ...choice });

test('chosen: every filter by itself, and all together', () => {
  assert.deepEqual(ask({}), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(ask({ slot: 1 }), [4, 5]);
  assert.deepEqual(ask({ answer: 'wrong' }), [2]);
  assert.deepEqual(ask({ answer: 'right' }), [0, 1, 4, 5]);
  assert.deepEqual(ask({ sure: 'sure' }), [0, 2, 5]);
  assert.deepEqual(ask({ sure: 'unsure' }), [1, 3]);
  assert.deepEqual(ask({ finding: '7' }), [1, 3]);
  assert.deepEqual(ask({ finding: 'some' }), [1, 3]);
  assert.deepEqual(ask({ finding: 'none' }), [0, 2, 4, 5]);
  assert.deepEqual(ask({ overlap: 'outside' }), [1, 3]);
  assert.deepEqual(ask({ overlap: 'inside' }), [0, 4, 5]);
  assert.deepEqual(ask({ text: ' B/ ' }), [2, 3]);
  assert.deepEqual(ask({ slot: 0, finding: 'some', sure: 'unsure', text: 'a/' }), [1]);
});

test('chosen: orders, ties by place', () => {
  assert.deepEqual(ask({ order: 'sameness' }), [1, 3, 0, 2, 4, 5]);
  assert.deepEqual(ask({ order: 'sure' }), [5, 0, 2, 4, 1, 3]);
  assert.deepEqual(ask({ order: 'unsure' }), [3, 1, 4, 2, 0, 5]);
  assert.deepEqual(ask({ order: 'outside' }), [1, 3, 4, 5, 0, 2]);
});

test('csvOf: quotes, gaps, and no formulas', () => {
  assert.equal(csvOf(audit, [3, 4]), [
    'picture,class,label,right,probability,outside,sharp,aligned,findings',
    "'=b/3.jpg,teapot,teapot,,0.2,0.6,0.7,0.1,7",
    'c/4.jpg,key,"a ""key"", or two",yes,0.6,0.5,,,',
    '',
  ].join('\r\n'));
});

test('withVerdict: replaces, keeps others, and takes open ones away', () => {
  const other = { key: 'x', kind: 'split', label: 'key', verdict: 'fine', pictures: [] };
  const once = withVerdict(audit, { format: 1, judged: [other] }, finding, 'fine', 'the logo');
  assert.deepEqual(once.judged, [other, { key: 'k', kind: 'same-mark', label: 'teapot', verdict: 'fine', pictures: ['a/1.jpg', '=b/3.jpg'], note: 'the logo' }]);
  assert.deepEqual(withVerdict(audit, once, finding, 'shortcut', '').judged.map(j => j.verdict), ['fine', 'shortcut']);
  assert.deepEqual(withVerdict(audit, once, finding, 'open', '').judged, [other]);
  // What the audit itself brings has to be taken back in so many words.
  assert.deepEqual(withVerdict(audit, once, { ...finding, verdict: 'fine' }, 'open', '').judged.map(j => j.verdict), ['fine', 'open']);
});

test('fit: all points lie within the margins, points without a place do not count', () => {
  const xs = [-1, 3, NaN], ys = [2, 4, NaN], place = fit(xs, ys, 400, 300, 20);
  assert.equal(place.scale, 90);
  for (const i of [0, 1]) {
    const x = xs[i] * place.scale + place.x, y = ys[i] * place.scale + place.y;
    assert.ok(x >= 20 - 1e-9 && x <= 380 + 1e-9 && y >= 20 && y <= 280);
  }
  assert.ok(Number.isFinite(fit([], [], 400, 300, 20).scale));
  assert.ok(Number.isFinite(fit([1, 1], [2, 2], 400, 300, 20).scale));
});

test('zoomed: the point under the pointer stays, within limits', () => {
  const place = { scale: 10, x: 50, y: 60 }, nearer = zoomed(place, 2, 70, 80, 10);
  assert.deepEqual(nearer, { scale: 20, x: 30, y: 40 });
  assert.equal((70 - nearer.x) / nearer.scale, (70 - place.x) / place.scale);
  assert.equal(zoomed(place, 1e9, 0, 0, 10).scale, 2000);
  assert.equal(zoomed(place, 1e-9, 0, 0, 10).scale, 5);
});

test('framed and nearest: what lies where the pointer was', () => {
  const place = { scale: 100, x: 10, y: 20 }, frame = framed(place, 210, 120, 110, 20);
  assert.deepEqual(frame, { x0: 1, y0: 0, x1: 2, y1: 1 });
  assert.deepEqual([holds(frame, 1.5, 0.5), holds(frame, 2.1, 0.5), holds(frame, NaN, NaN)], [true, false, false]);
  assert.equal(nearest(place, [0, 1, NaN], [0, 1, NaN], 113, 116, 10), 1);
  assert.equal(nearest(place, [0, 1], [0, 1], 60, 70, 10), -1);
});
