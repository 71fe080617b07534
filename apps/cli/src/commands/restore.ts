import { resolve } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { restore, takeAsTheyAre } from '../app.ts';
import { ownFiles } from '../support/own-files.ts';
import { print, run } from '../support/run.ts';

const AFTERWARDS =
  'Each device syncs again from the beginning of its inbox, and the search index is rebuilt at the next start.';

interface RestoreCommandOptions {
  data?: string;
  mark: boolean;
}

export function addRestore(program: Command, env: Environment): void {
  program
    .command('restore [backup]')
    .description('put a backup in the place of what the embedded engines have; the server must be stopped')
    .option('--mark', 'no backup: take the files as they are, whatever was lost or put back by other means', false)
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async (backup: string | undefined, { data, mark }: RestoreCommandOptions) => {
        if ((backup === undefined) !== mark) {
          throw new ImError('invalid_request', 'say which backup, or --mark to go on with the files as they are');
        }
        const files = ownFiles(env, data);
        const { dataDir } = files.common;
        if (backup === undefined) {
          const { setAside } = await takeAsTheyAre(files);
          print(`${dataDir} is taken as it is.`);
          if (setAside !== null) {
            print(`Its bus.db could not be read, and is now ${setAside}:`);
            print('what was queued and not yet stored is lost with it.');
          }
        } else {
          const { at, replaced } = await restore(files, resolve(backup));
          print(`${dataDir} is as it was at ${at}.`);
          if (replaced !== null) print(`What was there before is in ${replaced}: remove it when all is well.`);
        }
        print(AFTERWARDS);
      }),
    );
}
