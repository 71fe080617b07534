// npm run test:mutations [-- <word>]: breaks the core in a copy of the tree, one mutation at a time, and runs the tests
// that must notice. Fails when they stay green, when a text to replace is missing, or when the tests fail without a
// mutation.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyOfTree } from './copy-of-tree.ts';
import { timesIn } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

const root = join(import.meta.dirname, '../..');
const [word = ''] = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ what, file }) => `${what} ${file}`.includes(word));
if (chosen.length === 0) throw new Error(`no mutation has "${word}" in its name or its file`);
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());

/** Whether the tests pass in the copy. A hanging test counts as failed. */
async function pass(folder: string, tests: readonly string[]): Promise<boolean> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', '--reporter', 'dot', ...tests];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore', signal: abort.signal });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('exit', resolve);
  return (await promise) === 0;
}

using copy = copyOfTree(root);
const results: { what: string; file: string; result: string; seconds: number }[] = [];
let isGood = true;
const note = (what: string, file: string, result: string, startedAt: number) => {
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  results.push({ what, file, result, seconds });
  if (result !== 'noticed' && result !== 'green') isGood = false;
  console.log(`${result.padEnd(8)} ${String(seconds).padStart(6)} s  ${what}`);
};
const begunAt = performance.now();
const all = [...new Set(chosen.flatMap(({ tests }) => tests))];
note(`the tests as they are: ${all.length} files`, '', (await pass(copy.folder, all)) ? 'green' : 'FAILED', begunAt);
for (const { what, file, text, broken, tests } of isGood ? chosen : []) {
  const startedAt = performance.now();
  const path = join(copy.folder, file);
  const source = readFileSync(path, 'utf8');
  if (timesIn(source, text) !== 1) {
    note(what, file, 'NO TEXT', startedAt);
    continue;
  }
  writeFileSync(
    path,
    source.replace(text, () => broken),
  );
  const isNoticed = !(await pass(copy.folder, tests));
  writeFileSync(path, source);
  note(what, file, isNoticed ? 'noticed' : 'SURVIVED', startedAt);
}
console.table(results);
console.log(isGood ? `all ${chosen.length} were noticed` : 'not all were noticed');
process.exitCode = isGood ? 0 : 1;
