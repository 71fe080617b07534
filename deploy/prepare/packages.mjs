import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/**
 * Whether node_modules contains what package-lock.json names. npm writes node_modules/.package-lock.json last, when
 * everything is in place, so an interrupted installation is never taken for a complete one. Optional packages are those
 * of other platforms: npm leaves them out.
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (wanted === null) throw new Error('package-lock.json is missing or broken');
  if (present === null || !existsSync(join(root, 'node_modules/.bin/node'))) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, link }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = present[path];
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity && found.link === link;
  });
}

/**
 * Installs what package-lock.json names, with the npm that runs this script, and verifies the result. It uses `npm
 * install`, not `npm ci`: it changes only what differs, and tolerates optional packages of other platforms that a
 * registry lacks. Errors: when npm fails, or node_modules differs from the lockfile.
 */
export async function install(root) {
  console.error('chasqui: installing the packages of package-lock.json, Node 24 among them (a minute or two, once)');
  // npm's own record is missing, so an earlier installation was interrupted and may have left incomplete packages.
  if (packagesOf(join(root, 'node_modules/.package-lock.json')) === null) {
    rmSync(join(root, 'node_modules'), { recursive: true, force: true });
  }
  const npm = process.env.npm_execpath;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, commandArgs] = npm === undefined ? ['npm', args] : [process.execPath, [npm, ...args]];
  await run(command, commandArgs, { cwd: root, doing: 'installing' });
  if (!isInstalled(root)) throw new Error('npm ended well, but node_modules is not what package-lock.json names');
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}
