// Which layers show the network's depth.

/** @typedef {import('./api.js').Layer} Layer */

const MOST = 8, FEW = 6;

/** @param {Layer} layer */
const area = layer => (layer.map ?? []).reduce((product, length) => product * length, 1);

/** @param {Layer} layer */
const channels = layer => layer.format === 'nchw' ? layer.shape[1] : layer.shape[layer.shape.length - 1];

/**
 * A few layers from the first to the last, whose maps never grow: of each resolution the last of its widest layers, which is where a block
 * ends. Shortcuts, and the narrow layers within blocks, are left out. Networks of few resolutions are shown at even steps.
 * @param {Layer[]} layers In the network's order.
 * @param {(string | null | undefined)[]} also Names of layers that are shown in any case.
 */
export function depthLayers(layers, also) {
  /** @type {Map<number, Layer>} */
  const ends = new Map();
  for (const layer of layers) {
    const before = ends.get(area(layer));
    if (!before || channels(layer) >= channels(before)) ends.set(area(layer), layer);
  }
  const few = Math.min(FEW, layers.length);
  const chosen = ends.size >= 4 ? [...ends.values()].sort((a, b) => area(b) - area(a)).slice(-MOST)
    : Array.from({ length: few }, (_, i) => layers[Math.round((i + 1) * layers.length / few) - 1]);
  const wanted = new Set([...chosen.map(l => l.name), ...also]);
  return layers.map((layer, i) => ({ layer, i })).filter(l => wanted.has(l.layer.name))
    .sort((a, b) => area(b.layer) - area(a.layer) || a.i - b.i).map(l => l.layer);
}
