// From a picture to a network's input, and from a map back onto the picture.

/** Resizes and crops as the model's metadata says (Hugging Face's keys; see docs/model-metadata.md). */
export function prepare(bitmap, preprocessor, channelsLast) {
  const p = preprocessor;
  let { width, height } = bitmap;
  if (p.do_resize !== false && p.size) {
    if (p.size.shortest_edge) {
      const factor = p.size.shortest_edge / Math.min(width, height);
      [width, height] = [Math.round(width * factor), Math.round(height * factor)];
    } else {
      ({ width, height } = p.size);
    }
  }
  const crop = p.do_center_crop !== false && p.crop_size ? p.crop_size : { width, height };
  const left = Math.trunc((width - crop.width) / 2), top = Math.trunc((height - crop.height) / 2);
  const canvas = new OffscreenCanvas(crop.width, crop.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.fillRect(0, 0, crop.width, crop.height);
  context.drawImage(bitmap, -left, -top, width, height);
  const pixels = context.getImageData(0, 0, crop.width, crop.height).data;

  const scale = p.do_rescale === false ? 1 : p.rescale_factor ?? 1 / 255;
  const mean = p.do_normalize === false ? [0, 0, 0] : p.image_mean ?? [0, 0, 0];
  const deviation = p.do_normalize === false ? [1, 1, 1] : p.image_std ?? [1, 1, 1];
  const count = crop.width * crop.height;
  const values = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      const value = pixels[4 * i + (p.do_flip_channel_order ? 2 - c : c)] * scale;
      values[channelsLast ? 3 * i + c : c * count + i] = (value - mean[c]) / deviation[c];
    }
  }
  // Where what the network sees lies in the picture, in the picture's pixels.
  const [fx, fy] = [bitmap.width / width, bitmap.height / height];
  const box = { x: left * fx, y: top * fy, width: crop.width * fx, height: crop.height * fy };
  return { values, size: crop, box };
}

/** One map as {values, width, height}: min-max normalised, or null if it has no positive value. Pixel-space maps become their largest magnitude. */
export function mapOf(tensor, index) {
  const { data, dims } = tensor;
  const [height, width] = dims.slice(-2);
  const count = width * height, channels = dims.length > 4 ? dims[2] : 1;
  const values = new Float32Array(count);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < count; i++) {
      const value = data[(index * channels + c) * count + i];
      values[i] = channels > 1 ? Math.max(values[i], Math.abs(value)) : value;
    }
  }
  const low = values.reduce((a, b) => Math.min(a, b), Infinity), high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return high > 0 ? { values: values.map((v) => (v - low) / (high - low || 1)), width, height } : null;
}

/** Draws the picture with the map on it: enlarged bilinearly with half-pixel centres, nothing where the network saw nothing. */
export function draw(canvas, bitmap, map, box, opacity) {
  const factor = Math.min(1, 900 / Math.max(bitmap.width, bitmap.height));
  const width = (canvas.width = Math.round(bitmap.width * factor)), height = (canvas.height = Math.round(bitmap.height * factor));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  if (!map) return;
  const image = context.getImageData(0, 0, width, height);
  for (let y = 0; y < height; y++) {
    const v = ((y + 0.5) / factor - box.y) / box.height;
    for (let x = 0; x < width; x++) {
      const u = ((x + 0.5) / factor - box.x) / box.width;
      if (u < 0 || u >= 1 || v < 0 || v >= 1) continue;
      const heat = sample(map, u, v), share = opacity * heat, at = 4 * (y * width + x);
      const color = colorOf(heat);
      for (let c = 0; c < 3; c++) image.data[at + c] = image.data[at + c] * (1 - share) + color[c] * share;
    }
  }
  context.putImageData(image, 0, 0);
}

function sample({ values, width, height }, u, v) {
  const x = Math.min(Math.max(u * width - 0.5, 0), width - 1), y = Math.min(Math.max(v * height - 0.5, 0), height - 1);
  const x0 = Math.floor(x), y0 = Math.floor(y), x1 = Math.min(x0 + 1, width - 1), y1 = Math.min(y0 + 1, height - 1);
  const above = values[y0 * width + x0] * (1 - x + x0) + values[y0 * width + x1] * (x - x0);
  const below = values[y1 * width + x0] * (1 - x + x0) + values[y1 * width + x1] * (x - x0);
  return above * (1 - y + y0) + below * (y - y0);
}

const colors = [[48, 18, 120], [40, 120, 220], [30, 190, 180], [120, 220, 70], [250, 200, 40], [240, 110, 20], [170, 10, 10]];

function colorOf(heat) {
  const at = heat * (colors.length - 1), i = Math.min(Math.floor(at), colors.length - 2);
  return colors[i].map((c, k) => c + (colors[i + 1][k] - c) * (at - i));
}
