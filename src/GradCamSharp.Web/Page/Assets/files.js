// What the page gives away: files, the command line, the link.

/** A float32 array as a .npy file, format version 1. */
export function npy(values, shape) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64, bytes = new Uint8Array(length + 4 * values.length), view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  bytes.set(new TextEncoder().encode(text.padEnd(length - 11) + '\n'), 10);
  values.forEach((v, i) => view.setFloat32(length + 4 * i, v, true));
  return new Blob([bytes], { type: 'application/octet-stream' });
}

/** Hands a file to the browser. */
export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const quoted = text => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The command that gives the same result. */
export function commandLine(command, state, picture, model, isDefaultModel) {
  const words = [command, 'explain', picture];
  if (!isDefaultModel) words.push('--model', model);
  words.push('--method', state.methods.join(','), '--class', String(state.cls ?? 'top1'));
  if (state.layer) words.push('--layer', state.layer);
  if (state.colors !== 'turbo') words.push('--colormap', state.colors);
  if (state.opacity !== 75) words.push('--opacity', String(state.opacity / 100));
  const kind = { overlay: 'overlay', alone: 'heatmap', masked: 'masked' }[state.view];
  if (kind !== 'overlay') words.push('--save', kind);
  return words.map(quoted).join(' ');
}

const numbers = ['cls', 'opacity', 'threshold'], flags = ['box', 'hide'];

/** What a link's fragment says of the state. */
export function fromFragment(fragment) {
  const state = {};
  for (const [name, value] of new URLSearchParams(fragment.replace(/^#/, ''))) {
    if (name === 'methods') state.methods = value.split(',').filter(Boolean);
    else if (flags.includes(name)) state[name] = value === '1';
    else if (!numbers.includes(name)) state[name] = value;
    else if (/^\d{1,6}$/.test(value)) state[name] = Number(value);
  }
  return state;
}

/** The state as a link's fragment; what is as at first is left out. */
export function toFragment(state, initial) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value === null || value === undefined || String(value) === String(initial[name])) continue;
    query.set(name, typeof value === 'boolean' ? Number(value) : value);
  }
  return `#${query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/')}`;
}
