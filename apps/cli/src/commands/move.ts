import { rebuildIndex } from '@chasqui/app-datasync/rebuild';
import { drainInstallation, endMove, type MovedTotal, moveInstallation } from '@chasqui/core';
import { decodeMoveNote, ImError } from '@chasqui/domain';
import { type Environment, systemClock, systemRandom } from '@chasqui/kit';
import { type Command, Option } from 'commander';
import {
  type BlobsConfig,
  type NamedInstallation,
  namedInstallation,
  openForMove,
  openWhileRunning,
  requireTwo,
} from '../support/moved-installation.ts';
import { note, print, run } from '../support/run.ts';
import { addJson } from './options.ts';

interface MoveCommandOptions {
  from: string;
  to?: string;
  abort: boolean;
  json: boolean;
}

const PARTS = { clock: systemClock, random: systemRandom };

export function addMove(program: Command, env: Environment): void {
  const command = program
    .command('move')
    .description('copy everything to other engines, a new installation, and compare; nothing may run on either')
    .requiredOption('--from <installation>', 'the data folder, or a file with the settings, of the one that there is')
    .option('--to <installation>', 'the same of the new one, which is empty and set up')
    .addOption(new Option('--abort', 'use the old one again, also after a finished move').default(false));
  addJson(command).action(
    run(async (options: MoveCommandOptions) => {
      if (options.abort === (options.to !== undefined))
        throw new ImError('invalid_request', 'use either --to <installation> or --abort');
      await (options.to === undefined ? abort(env, options.from) : move(env, options.from, options.to, options.json));
    }),
  );
}

async function abort(env: Environment, named: string): Promise<void> {
  const source = namedInstallation(env, named);
  await using engines = (await openWhileRunning(source)) ?? (await openForMove(source, false));
  const kept = await engines.movable.note();
  if (kept === null) return print('This installation is in use: there is no move to abort.');
  const { side, state, other } = decodeMoveNote(kept);
  if (side === 'to') throw new ImError('invalid_request', `this is the destination of a move: name ${other} instead`);
  await engines.movable.setNote(null);
  print(state === 'draining' ? 'Its servers take changes again.' : 'Its servers may start again.');
  if (state === 'draining') return;
  if (state === 'done') print(`Do not use ${other} beside it: what users do on one is not on the other.`);
  else print(`${other} has a part of the data and cannot be used: empty it before another move.`);
}

/** True: apps run, which now take no changes and have nothing left to do. */
async function drain(source: NamedInstallation, destination: NamedInstallation): Promise<boolean> {
  await using engines = await openWhileRunning(source);
  if (engines === null) return false;
  note(`${source.name} takes no more changes from users; its apps finish what waits.`);
  await drainInstallation({
    ...{ from: engines, names: { from: source.name, to: destination.name }, ...PARTS },
    tell: (waiting) => process.stderr.write(`\r\u001b[K${waiting} bus messages wait`),
  });
  note('\nNothing waits, but for notifications that are tried again later, and are not moved.');
  note('Now stop all apps, then run this command again.');
  process.exitCode = 1;
  return true;
}

async function move(env: Environment, from: string, to: string, json: boolean): Promise<void> {
  const [source, destination] = [namedInstallation(env, from), namedInstallation(env, to)];
  requireTwo(source, destination);
  if (await drain(source, destination)) return;
  await using engines = await openForMove(source, false);
  await using copy = await openForMove(destination, true);
  const names = { from: source.name, to: destination.name };
  const totals = await moveInstallation({
    ...{ from: engines, to: copy, names, ...PARTS },
    tell: (phase, part, rows) => process.stderr.write(`\r\u001b[K${phase} ${part}: ${rows}`),
  });
  process.stderr.write('\n');
  for (const total of totals) print(json ? JSON.stringify(total) : lineOf(total));
  if (totals.some(({ isEqual }) => !isEqual)) {
    note('The two differ: did a server run on one of them? Repeat the command, or begin with an empty installation.');
    process.exitCode = 1;
    return;
  }
  await rebuildIndex({ ...copy, ...PARTS }, ({ messages }) => {
    process.stderr.write(`\r\u001b[Kindexed messages: ${messages}`);
  });
  process.stderr.write('\n');
  await endMove(copy);
  note(`${destination.name} has everything of ${source.name}, which no server uses any more.`);
  note('Every device syncs again from the beginning of its inbox.');
  for (const line of ofFiles(source.blobs, destination.blobs)) note(line);
}

function lineOf({ part, rows, isEqual }: MovedTotal): string {
  return `${part.padEnd(24)}${String(rows).padStart(12)}  ${isEqual ? 'equal' : 'DIFFERENT'}`;
}

/** What the operator has to do about files and secrets, which are not copied. */
function ofFiles(from: BlobsConfig, to: BlobsConfig): string[] {
  const [old, next] = [placeOf(from), placeOf(to)];
  const secrets = 'Copy the secrets too (secrets.json, webpush.key), or all tokens end and browsers register again.';
  if (old === next) return [`Files and pictures stay in ${old}, where the new installation finds them.`, secrets];
  return [`Files and pictures were not copied: copy ${old} to ${next} before the new installation starts.`, secrets];
}

function placeOf(blobs: BlobsConfig): string {
  return 'folder' in blobs ? blobs.folder : `${blobs.s3.endpoint}/${blobs.s3.bucket}/${blobs.s3.prefix}`;
}
