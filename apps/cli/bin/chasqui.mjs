#!/usr/bin/env node
// Plain JavaScript, so that an older Node can run it: it starts the Node version of the lockfile.
import { spawn } from 'node:child_process';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// The second start and the worker threads take the compiled code from here: it saves a second of a processor.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../../.cache/compile', import.meta.url));

const [major] = process.versions.node.split('.').map(Number);
if (major >= 24) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main);
} else {
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.once('error', ({ message }) => {
    console.error(`Node 24 is missing (${message}): run npm ci first.`);
    process.exitCode = 1;
  });
  child.once('exit', (status) => {
    process.exitCode = status ?? 1;
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl+C to both processes; this one waits for the other to finish.
  process.on('SIGINT', () => {});
}
