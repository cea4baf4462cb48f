// What the page gives away: files, the command line, the link.

/**
 * @typedef {{ model: string, sample?: string, methods: string[], set: string[], cls: number | null, target: string | null,
 *   layer: string | null, texts: string[], view: string, colors: string, opacity: number, threshold: number, box: boolean, marks: boolean,
 *   hide: boolean }} State What the visitor has chosen.
 */

/**
 * A float32 array as a .npy file, format version 1.
 * @param {Float32Array} values
 * @param {number[]} shape
 */
export function npy(values, shape) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + 4 * values.length), view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  bytes.set(new TextEncoder().encode(text.padEnd(length - 11) + '\n'), 10);
  values.forEach((v, i) => view.setFloat32(length + 4 * i, v, true));
  return new Blob([bytes], { type: 'application/octet-stream' });
}

/**
 * Hands a file to the browser.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {string} text */
const quoted = text => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The map's file on the command line, by how it is shown. @type {Record<string, string>} */
export const kinds = { overlay: 'overlay', alone: 'heatmap', masked: 'masked' };

/**
 * The command that gives the same result.
 * @param {{ command: string, options: string[], layer: string | null }} settings How the tool is called, and what the server was started with.
 * @param {State} state
 * @param {string} picture Its path.
 * @param {string | null} model Null for the tool's default.
 * @param {string | null} target What is explained; null for the state's class, '' for what is explained where nothing is named.
 */
export function commandLine(settings, state, picture, model, target = null) {
  const line = [settings.command, 'explain', picture];
  if (model !== null) line.push('--model', model);
  line.push('--method', state.methods.join(','));
  for (const setting of state.set) line.push('--set', setting);
  for (const text of state.texts) line.push('--text', text);
  if (target === null) line.push('--class', String(state.cls ?? 'top1'));
  else if (target !== '') line.push('--target', target);
  const layer = state.layer ?? settings.layer;
  if (layer) line.push('--layer', layer);
  line.push(...settings.options);
  if (state.colors !== 'turbo') line.push('--colormap', state.colors);
  if (state.opacity !== 75) line.push('--opacity', String(state.opacity / 100));
  if (state.view !== 'overlay') line.push('--save', kinds[state.view]);
  return line.map(quoted).join(' ');
}

const numbers = ['cls', 'opacity', 'threshold'], flags = ['box', 'marks', 'hide'], lists = ['methods', 'set'];

/**
 * What a link's fragment says of the state.
 * @param {string} fragment
 * @returns {Partial<State>}
 */
export function fromFragment(fragment) {
  /** @type {Record<string, any>} */
  const state = {};
  for (const [name, value] of new URLSearchParams(fragment.replace(/^#/, ''))) {
    if (name === 'texts') state.texts = value.split('\n').filter(Boolean);
    else if (lists.includes(name)) state[name] = value.split(',').filter(Boolean);
    else if (flags.includes(name)) state[name] = value === '1';
    else if (!numbers.includes(name)) state[name] = value;
    else if (/^\d{1,6}$/.test(value)) state[name] = Number(value);
  }
  return state;
}

/**
 * The state as a link's fragment; what is as at first is left out.
 * @param {State} state
 * @param {Record<string, any>} initial
 */
export function toFragment(state, initial) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value === null || value === undefined || String(value) === String(initial[name])) continue;
    query.set(name, typeof value === 'boolean' ? String(Number(value)) : Array.isArray(value) && name === 'texts' ? value.join('\n') : String(value));
  }
  return `#${query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%40', '@')}`;
}
