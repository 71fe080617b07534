import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** The sources of the page. */
const SOURCES = ['apps/web', 'libs/client', 'libs/protocol', 'libs/domain', 'package-lock.json'];
const page = (root) => join(root, 'apps/web/dist/index.html');

/**
 * Whether apps/web/dist exists and is no older than any of its sources. A deployment without the page's sources serves
 * the page that it has, or none.
 */
export function isWebBuilt(root) {
  if (!existsSync(join(root, 'apps/web/index.html'))) return true;
  if (!existsSync(page(root))) return false;
  const builtAt = statSync(page(root)).mtimeMs;
  return SOURCES.every((source) => newest(join(root, source)) <= builtAt);
}

export async function buildWeb(root) {
  await run(join(root, 'node_modules/.bin/node'), [join(root, 'node_modules/vite/bin/vite.js'), 'build'], {
    cwd: join(root, 'apps/web'),
    doing: 'building the page',
  });
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}
