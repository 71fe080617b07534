// Run it after `npm install` of a package that has a native part per platform. npm leaves optional packages out of
// package-lock.json when its registry does not have them; `npm ci` of npm 11 then refuses the lockfile everywhere. This
// adds an entry for each one that is named but missing: its version is exact, and npm fetches it only where it fits.
import { readFileSync, writeFileSync } from 'node:fs';

const PLATFORM = /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)\b/;
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = {};
for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages) continue;
    const [, os, cpu] = PLATFORM.exec(name) ?? [];
    if (os === undefined) throw new Error(`${name}: its name does not say which platform it is for`);
    added[`node_modules/${name}`] = { version, cpu: [cpu], ...(dev ? { dev } : {}), optional: true, os: [os] };
  }
}
const entries = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
console.log(`${Object.keys(added).length} optional packages added to package-lock.json`);
