import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { stillFolder } from './still-folder.ts';

/**
 * Backs up or restores, and is killed before its call number `at` that writes, syncs, renames or removes; ends with code 0 when
 * there are fewer calls.
 */
const [work = '', dataDir = '', archive = '', at = '0'] = process.argv.slice(2);
let calls = 0;
function mayDie(): void {
  if (++calls === Number(at)) process.kill(process.pid, 'SIGKILL');
}

const probe = await fs.open(process.execPath);
const handle = Object.getPrototypeOf(probe) as fs.FileHandle;
await probe.close();
for (const [target, names] of [
  [fs, ['rename', 'rm']],
  [handle, ['write', 'writev', 'writeFile', 'sync']],
] as const) {
  const methods = target as unknown as { [name: string]: (...args: unknown[]) => Promise<unknown> };
  for (const name of names) {
    const original = methods[name];
    methods[name] = function (this: unknown, ...args: unknown[]) {
      mayDie();
      return original?.apply(this, args) ?? Promise.reject(new Error(`no ${name}`));
    };
  }
}
syncBuiltinESMExports();
const picturesFolder = `${dataDir}/blobs`;
if (work === 'restore') {
  const { restoreBackup } = await import('../backup/restore-backup.ts');
  await restoreBackup({ backup: archive, dataDir, picturesFolder, now: 8 });
} else {
  const { makeBackup } = await import('../backup/make-backup.ts');
  await makeBackup({ source: stillFolder, dataDir, picturesFolder, to: archive, now: 7, keep: 2 });
}
