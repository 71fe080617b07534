// Run this after `npm install` of a package that has a native part for each platform. npm omits optional packages from
// package-lock.json if its registry lacks them; `npm ci` of npm 11 then refuses the lockfile everywhere. This script
// adds an entry for each missing one, and asks the registry for the digest (and the platform and licence) of every
// entry without one, so that packages for other platforms are verified too.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = {};
for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages) continue;
    added[`node_modules/${name}`] = { version, ...(dev ? { dev } : {}), optional: true };
  }
}
const packages = { ...lock.packages, ...added };
let completed = 0;
for (const [path, entry] of Object.entries(packages)) {
  const [, name] = /.*node_modules\/(.+)$/.exec(path) ?? [];
  if (name === undefined || entry.link || entry.integrity !== undefined) continue;
  const { version, ...rest } = entry;
  packages[path] = { version, ...published(name, version), ...rest };
  completed++;
}
const entries = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
console.log(`${Object.keys(added).length} optional packages added to package-lock.json, ${completed} digests`);

/** The entry that npm itself writes for a package. Errors: when the registry does not give its digest. */
function published(name, version) {
  const fields = ['dist.integrity', 'os', 'cpu', 'libc', 'license', 'engines'];
  const { stdout } = spawnSync('npm', ['view', `${name}@${version}`, ...fields, '--json'], { encoding: 'utf8' });
  const { 'dist.integrity': integrity, ...rest } = JSON.parse(stdout || '{}');
  if (typeof integrity !== 'string') throw new Error(`the registry does not tell the digest of ${name}@${version}`);
  for (const list of ['os', 'cpu', 'libc']) if (typeof rest[list] === 'string') rest[list] = [rest[list]];
  return { integrity, ...rest };
}
