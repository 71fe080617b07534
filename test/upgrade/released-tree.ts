import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '@chasqui/kit';

/** This checkout. */
export const ROOT = join(import.meta.dirname, '../..');
/** Where the links to the packages of a checkout itself are. */
const OWN = '@chasqui';
const run = promisify(execFile);

/** What a released version runs of, out of the history of this checkout, with the packages of others that are installed. */
export class ReleasedTree implements AsyncDisposable {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Errors: the history does not have the commit. */
  static async of(commit: string): Promise<ReleasedTree> {
    const root = await mkdtemp(join(tmpdir(), `chasqui-${commit}-`));
    const archive = join(root, 'tree.tar');
    await run('git', ['archive', '--output', archive, commit, 'apps', 'libs', 'proto', 'package.json'], { cwd: ROOT });
    await run('tar', ['-xf', archive, '-C', root]);
    const [from, to] = [join(ROOT, 'node_modules'), join(root, 'node_modules')];
    await mkdir(join(to, OWN), { recursive: true });
    for (const name of await readdir(from)) if (name !== OWN) await symlink(join(from, name), join(to, name));
    // Relative: they lead to the packages of that version.
    for (const name of await readdir(join(from, OWN))) {
      await symlink(await readlink(join(from, OWN, name)), join(to, OWN, name));
    }
    const otel = 'libs/adapters/otel/node_modules';
    await symlink(join(ROOT, otel), join(root, otel));
    return new ReleasedTree(root);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Runs a command, `chasqui`, of a checkout. */
export async function chasquiOf(root: string, args: readonly string[], env: Environment): Promise<void> {
  await run(process.execPath, [join(root, 'apps/cli/src/main.ts'), ...args], { cwd: root, env });
}
