import { resolve } from 'node:path';
import { dataOption, type Environment, shellWord } from '@chasqui/kit';
import type { Command } from 'commander';
import { backUp } from '../app.ts';
import { ownFiles } from '../support/own-files.ts';
import { print, run } from '../support/run.ts';

export function addBackup(program: Command, env: Environment): void {
  program
    .command('backup <folder>')
    .description('copy what the embedded engines have into a new folder, while the server runs or not')
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async (folder: string, { data }: { data?: string }) => {
        const to = resolve(folder);
        const files = ownFiles(env, data);
        const { at } = await backUp(files, to);
        print(`${to} has everything that was acked before ${at}.`);
        print('It holds messages and secrets: keep it as safe as the data folder.');
        print(
          `To put it back: stop the server, then npx chasqui restore ${shellWord(to)}${dataOption(files.common.dataDir)}`,
        );
      }),
    );
}
