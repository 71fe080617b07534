// Prepares what npm start and npm test need before their own script runs: installed packages, among them Node 24; on a
// machine with an old C library a patched copy of uWebSockets.js; with --web the browser client. This is plain
// JavaScript for the machine's own Node (18 or later): nothing is installed yet.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock } from './prepare/lock.mjs';
import { install, isInstalled } from './prepare/packages.mjs';
import { needsPatchedUws, patchUws } from './prepare/uws.mjs';
import { buildWeb, isWebBuilt } from './prepare/web.mjs';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const wantsWeb = process.argv.includes('--web');
const missing = () => !isInstalled(root) || (wantsWeb && !isWebBuilt(root));

try {
  if (missing()) {
    const lock = join(root, '.cache/prepare.lock');
    mkdirSync(join(root, '.cache'), { recursive: true });
    // Several apps may start at once on a fresh machine: one prepares, the others wait for it and check again.
    await holdLock(lock);
    try {
      if (!isInstalled(root)) await install(root);
      if (wantsWeb && !isWebBuilt(root)) await buildWeb(root);
    } finally {
      rmSync(lock, { force: true });
    }
  }
  if (needsPatchedUws(root)) patchUws(root);
} catch (error) {
  console.error(`chasqui: ${error.message}`);
  process.exitCode = 1;
}
