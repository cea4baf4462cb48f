import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine, fromFragment, npy, toFragment } from '../../src/GradCamSharp.Web/Page/Assets/files.js';
import { named } from '../../src/GradCamSharp.Web/Page/Assets/labels.js';

const initial = {
  model: 'vgg', sample: 'a.jpg', methods: ['gradcam++'], set: [], cls: null, target: null, layer: null, texts: [], view: 'overlay', colors: 'turbo',
  opacity: 75, threshold: 50, box: true, marks: true, hide: false,
};
const settings = { command: 'gradcam', options: [], layer: null };

test('npy: the header is aligned and says the shape', async () => {
  const bytes = Buffer.from(await npy(Float32Array.of(1, 2, 3), [3]).arrayBuffer());
  const length = bytes.readUInt16LE(8);
  assert.equal((10 + length) % 64, 0);
  assert.match(bytes.toString('latin1', 10, 10 + length), /'descr': '<f4', 'fortran_order': False, 'shape': \(3,\)/);
  assert.equal(bytes.readFloatLE(10 + length + 8), 3);
});

test('commandLine: what is as at first is left out', () => {
  assert.equal(commandLine(settings, initial, 'a.jpg', null), 'gradcam explain a.jpg --method gradcam++ --class top1');
});

test('commandLine and link: texts', () => {
  const texts = ['a dog, or two', 'cat'], state = { ...initial, texts };
  assert.match(commandLine(settings, state, 'a.jpg', 'clip.onnx', 'class:1'), /--text 'a dog, or two' --text cat --target class:1$/);
  assert.match(commandLine(settings, state, 'a.jpg', 'clip.onnx', ''), /--text cat$/);
  assert.deepEqual(fromFragment(toFragment(state, initial)).texts, texts);
});

test('commandLine: words are quoted for a shell', () => {
  const line = commandLine(settings, { ...initial, cls: 3, layer: "it's", opacity: 40, view: 'alone' }, 'my photo.jpg', 'net.onnx');
  assert.equal(
    line, "gradcam explain 'my photo.jpg' --model net.onnx --method gradcam++ --class 3 --layer 'it'\\''s' --opacity 0.4 --save heatmap");
});

test('commandLine: what the server was started with belongs to it, a layer unless another is chosen', () => {
  const started = { command: 'gradcam', options: ['--preprocess', 'caffe'], layer: 'first' };
  assert.match(commandLine(started, initial, 'a.jpg', null), /--layer first --preprocess caffe$/);
  assert.match(commandLine(started, { ...initial, layer: 'last' }, 'a.jpg', null), /--layer last --preprocess caffe$/);
});

test('commandLine: a target and what is set of the methods', () => {
  const state = { ...initial, methods: ['rise'], set: ['rise.masks=500'] };
  assert.equal(
    commandLine(settings, state, 'a.jpg', 'yolo.onnx', 'box:stop sign/2'),
    "gradcam explain a.jpg --model yolo.onnx --method rise --set rise.masks=500 --target 'box:stop sign/2'");
});

test('fragment: what is chosen comes back, and no more is written', () => {
  const state = { ...initial, methods: ['gradcam', 'cam'], cls: 7, layer: 'a/b', opacity: 10, box: false, hide: true };
  const fragment = toFragment(state, initial);
  assert.equal(fragment, '#methods=gradcam,cam&cls=7&layer=a/b&opacity=10&box=0&hide=1');
  assert.deepEqual({ ...initial, ...fromFragment(fragment) }, state);
  const target = { ...initial, target: 'class:3@12,40 - class:5@12,40', set: ['lime.cells=5x5', 'rise.masks=9'], marks: false };
  assert.deepEqual({ ...initial, ...fromFragment(toFragment(target, initial)) }, target);
});

test('fragment: numbers that are none are not taken', () => {
  assert.deepEqual(fromFragment('#cls=1e9&opacity=-3&threshold=NaN'), {});
});

test('named: an index, a label, one of its words, its beginning; else nothing', () => {
  const labels = ['tabby, tabby cat', 'tiger cat', 'great white shark, white shark'];
  assert.equal(named(' 2 ', labels), 2);
  assert.equal(named('Tiger Cat', labels), 1);
  assert.equal(named('white shark', labels), 2);
  assert.equal(named('ti', labels), 1);
  assert.equal(named('3', labels), null);
  assert.equal(named('', labels), null);
});
