import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of the workspaces' links, which point into the tree itself. */
const OWN = '@chasqui';

/**
 * A copy of the tracked and the new files of the tree, with the tree's packages and with links to the copy's own
 * workspaces. Breaking a file there changes nothing here, however the process ends; the folder is removed on disposal,
 * or with the machine's temporary files.
 */
export function copyOfTree(root: string): { folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-mutations-'));
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root });
  for (const file of new Set(listed.toString().split('\0'))) {
    if (file === '') continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  const [packages, copied] = [join(root, 'node_modules'), join(folder, 'node_modules')];
  mkdirSync(join(copied, OWN), { recursive: true });
  for (const name of readdirSync(packages)) {
    if (name !== OWN) symlinkSync(join(packages, name), join(copied, name));
  }
  for (const name of readdirSync(join(packages, OWN))) {
    symlinkSync(readlinkSync(join(packages, OWN, name)), join(copied, OWN, name));
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
