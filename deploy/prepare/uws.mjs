import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The glibc version that uWebSockets.js was built for. */
const NEEDED = [2, 38];

/**
 * Whether this machine's C library is older than the one uWebSockets.js was built for. False if the gateway is to run
 * on `ws` (`CHASQUI_GATEWAY=ws`), if uWebSockets.js is not installed, and if the C library is not GNU's.
 */
export function needsPatchedUws(root, { gateway = process.env.CHASQUI_GATEWAY, glibc = glibcVersion() } = {}) {
  if (gateway === 'ws' || glibc === null || !existsSync(join(root, 'node_modules/uWebSockets.js'))) return false;
  const [major, minor] = glibc.split('.').map(Number);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
}

/** Null: the C library is not GNU's. */
function glibcVersion() {
  // Without the network interfaces: listing them takes seconds on some machines.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime ?? null;
}

/** Makes the patched copy, unless it exists, and logs it. If no copy can be made, it logs why and does not fail. */
export function patchUws(root) {
  const node = join(root, 'node_modules/.bin/node');
  const { status, error } = spawnSync(node, [join(root, 'deploy/prepare/uws/main.ts')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`patching uWebSockets.js failed (${error?.message ?? `exit code ${status}`})`);
}
