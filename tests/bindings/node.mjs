// Runs an exported model in onnxruntime-node:
//   node node.mjs MODEL INPUT LENGTHS
// INPUT holds little-endian float32 values of the shape LENGTHS (1,3,224,224). Prints every output as JSON: {name: {type, dims, data}}.
import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-node";

const [model, input, lengths] = process.argv.slice(2);
const bytes = readFileSync(input);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const session = await ort.InferenceSession.create(model);
const answers = await session.run({ [session.inputNames[0]]: new ort.Tensor("float32", values, lengths.split(",").map(Number)) });
const result = {};
for (const name of session.outputNames) {
  const { type, dims, data } = answers[name];
  result[name] = { type, dims, data: Array.from(data, Number) };
}
process.stdout.write(JSON.stringify(result));
