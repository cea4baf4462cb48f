// Reads the metadata of an .onnx file. An ONNX model is a protobuf message; its field 14 repeats {1: key, 2: value}. Runtimes in JavaScript do not show it.

/** @param {Uint8Array} bytes @returns {Record<string, string>} */
export function readMetadata(bytes) {
  const result = {};
  for (const field of fields(bytes)) {
    if (field.number !== 14 || !field.content) continue;
    let key = "", value = "";
    for (const part of fields(field.content)) {
      const text = part.content ? new TextDecoder().decode(part.content) : "";
      if (part.number === 1) key = text;
      if (part.number === 2) value = text;
    }
    result[key] = value;
  }
  return result;
}

function* fields(bytes) {
  let at = 0;
  const varint = () => {
    // Lengths of weights exceed 32 bits' shifts, so no << here.
    let value = 0, factor = 1;
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128 || at >= bytes.length) return value;
      factor *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0: varint(); yield { number }; break;
      case 1: at += 8; yield { number }; break;
      case 2: { const length = varint(); yield { number, content: bytes.subarray(at, at + length) }; at += length; break; }
      case 5: at += 4; yield { number }; break;
      default: throw new Error("This is not an .onnx file.");
    }
  }
}
