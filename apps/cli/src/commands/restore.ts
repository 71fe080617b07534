import { resolve } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { restore, takeAsTheyAre } from '../app.ts';
import { ownFiles } from '../support/installation.ts';
import { print, run } from '../support/run.ts';

const AFTERWARDS =
  'Each device syncs again from the beginning of its inbox, and the search index is rebuilt at the next start.';

interface RestoreCommandOptions {
  data?: string;
  name?: string;
  mark: boolean;
}

export function addRestore(program: Command, env: Environment): void {
  program
    .command('restore [backup]')
    .description('replace the data of the embedded engines by a backup of a folder; the server must be stopped')
    .option('--name <name>', 'which of the backups in the folder (default: the newest)')
    .option(
      '--mark',
      'without a backup: accept the files as they are, after data was lost or restored by other means',
      false,
    )
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async (backup: string | undefined, { data, name, mark }: RestoreCommandOptions) => {
        if ((backup === undefined) !== mark) {
          throw new ImError('invalid_request', 'name a backup, or use --mark to accept the files as they are');
        }
        const files = ownFiles(env, data);
        const { dataDir } = files.common;
        if (backup === undefined) {
          const { setAside } = await takeAsTheyAre(files);
          print(`${dataDir} is accepted as it is.`);
          if (setAside !== null) {
            print(`bus.db could not be read and was renamed to ${setAside}:`);
            print('messages that were queued but not stored are lost.');
          }
        } else {
          const { at, replaced } = await restore(files, resolve(backup), name);
          print(`${dataDir} is restored to its state of ${at}.`);
          if (replaced !== null) print(`The previous files are in ${replaced}: remove it when all is well.`);
        }
        print(AFTERWARDS);
      }),
    );
}
