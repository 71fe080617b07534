import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** The sources of the client library, of which the page uses the package. */
const LIBRARY_SOURCES = ['libs/client', 'libs/protocol', 'libs/domain', 'deploy/client', 'package-lock.json'];
const library = (root) => join(root, 'libs/client/dist/package.json');
const page = (root) => join(root, 'apps/web/dist/index.html');

const isLibraryBuilt = (root) => isNewer(root, library(root), LIBRARY_SOURCES);

/**
 * Whether apps/web/dist exists and is no older than any of its sources. A deployment without the page's sources serves
 * the page that it has, or none.
 */
export function isWebBuilt(root) {
  if (!existsSync(join(root, 'apps/web/index.html'))) return true;
  return isNewer(root, page(root), ['apps/web', ...LIBRARY_SOURCES]);
}

/** Builds the page, and before it the client library if its sources have changed. */
export async function buildWeb(root) {
  const node = join(root, 'node_modules/.bin/node');
  if (!isLibraryBuilt(root)) {
    await run(node, [join(root, 'deploy/client/main.ts')], { cwd: root, doing: 'building the client library' });
  }
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  await run(node, [vite, 'build'], { cwd: join(root, 'apps/web'), doing: 'building the page' });
}

function isNewer(root, built, sources) {
  if (!existsSync(built)) return false;
  const builtAt = statSync(built).mtimeMs;
  return sources.every((source) => newest(join(root, source)) <= builtAt);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}
