import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defined } from '@chasqui/domain';
import { dataOption, type Environment, shellWord } from '@chasqui/kit';
import type { Command } from 'commander';
import { backUp, type OwnFiles, verifyAll } from '../app.ts';
import { ownFiles } from '../support/installation.ts';
import { print, run } from '../support/run.ts';
import { WEB_PUSH_KEY } from '../up/web-push-keys.ts';
import { addJson, wholeNumber } from './options.ts';

interface BackupCommandOptions {
  data?: string;
  keep?: number;
  verify: boolean;
  json: boolean;
}

export function addBackup(program: Command, env: Environment): void {
  const command = program
    .command('backup <folder>')
    .description(
      'add a backup of the embedded engines to a folder of backups, which shares what did not change; the server may be running',
    )
    .option('--keep <n>', 'then remove older backups, so that so many stay (default: all)', wholeNumber(1, 100_000))
    .option('--verify', 'make none: read all backups in the folder, and tell which are whole', false)
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async (folder: string, { data, keep, verify, json }: BackupCommandOptions) => {
      const to = resolve(folder);
      if (verify) return tellVerified(to, json);
      const files = ownFiles(env, data);
      const made = await backUp(files, { to, ...defined({ keep }) });
      if (json) print(JSON.stringify({ folder: to, ...made }));
      else tellMade(files, to, made);
    }),
  );
}

function tellMade(
  { common: { dataDir } }: OwnFiles,
  to: string,
  { name, at, bytes, written, removed }: Awaited<ReturnType<typeof backUp>>,
): void {
  print(`${to} has everything that was acked before ${at}, as ${name}:`);
  print(`${megabytes(bytes)} MB of data, for which ${megabytes(written)} MB were added.`);
  for (const old of removed) print(`The older backup ${old} is removed.`);
  if (existsSync(join(dataDir, WEB_PUSH_KEY))) {
    print(`It does not contain ${WEB_PUSH_KEY}: copy that file too, or browsers must turn on notifications again.`);
  }
  print('It contains messages and secrets: protect it like the data folder.');
  print(
    `To restore it: stop the server, then run npx chasqui restore ${shellWord(to)} --name ${name}${dataOption(dataDir)}`,
  );
}

async function tellVerified(folder: string, json: boolean): Promise<void> {
  const { backups, damagedPacks } = await verifyAll(folder);
  for (const { name, faults } of backups) {
    if (json) print(JSON.stringify({ name, whole: faults.length === 0, faults }));
    else print(faults.length === 0 ? `✓ ${name}` : `✗ ${name} is damaged: ${faults.join('; ')}`);
  }
  for (const pack of damagedPacks) {
    const path = join(folder, 'packs', pack);
    if (!json) print(`${path} is damaged. Remove it: the next backup writes anew what it needs of it.`);
  }
  if (backups.length === 0 && !json) print(`${folder} has no complete backup.`);
  if (damagedPacks.length > 0 || backups.some(({ faults }) => faults.length > 0)) process.exitCode = 1;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
