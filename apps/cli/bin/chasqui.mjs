#!/usr/bin/env node
// Plain JavaScript: it also runs on an older Node and hands over to the one that the lockfile brings.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const [major] = process.versions.node.split('.').map(Number);
if (major >= 24) {
  await import(main);
} else {
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  const { status, error } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (error) console.error(`Node 24 is missing (${error.message}): run npm ci first.`);
  process.exitCode = status ?? 1;
}
