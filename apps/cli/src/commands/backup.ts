import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataOption, type Environment, shellWord } from '@chasqui/kit';
import type { Command } from 'commander';
import { backUp } from '../app.ts';
import { ownFiles } from '../support/installation.ts';
import { print, run } from '../support/run.ts';
import { WEB_PUSH_KEY } from '../up/web-push-keys.ts';
import { addJson } from './options.ts';

export function addBackup(program: Command, env: Environment): void {
  const command = program
    .command('backup <folder>')
    .description('copy the data of the embedded engines into a new folder; the server may be running')
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async (folder: string, { data, json }: { data?: string; json: boolean }) => {
      const to = resolve(folder);
      const files = ownFiles(env, data);
      const { at } = await backUp(files, to);
      if (json) return print(JSON.stringify({ folder: to, at }));
      print(`${to} has everything that was acked before ${at}.`);
      if (existsSync(join(files.common.dataDir, WEB_PUSH_KEY))) {
        print(`It does not contain ${WEB_PUSH_KEY}: copy that file too, or browsers must turn on notifications again.`);
      }
      print('It contains messages and secrets: protect it like the data folder.');
      print(
        `To restore it: stop the server, then run npx chasqui restore ${shellWord(to)}${dataOption(files.common.dataDir)}`,
      );
    }),
  );
}
