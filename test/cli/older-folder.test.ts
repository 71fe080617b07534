import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { Packr } from 'msgpackr';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { unpacked } from '../upgrade/bring-over.ts';

/** The commands that open the engines of a data folder, and how they are called. */
const OPENING: { [command: string]: (messageId: string, folder: string) => string[] } = {
  backup: (_, folder) => ['backup', join(folder, '..', 'backup')],
  'unread --check': () => ['unread', '--check'],
  'unread --user': () => ['unread', '--user', 'ana'],
  trace: (messageId) => ['trace', messageId],
  reindex: () => ['reindex'],
  'dead-letters': () => ['dead-letters'],
  'restore --mark': () => ['restore', '--mark'],
};
/** Those with `--data` that start the server, replace its files, or need its secrets alone. */
const OTHERS = ['up', 'cluster', 'token', 'send', 'tail', 'chat', 'bench', 'doctor', 'restore'];
const ENVIRONMENT = { CHASQUI_STORE: 'embedded' };

afterEach(() => {
  process.exitCode = 0;
});

/** Runs a command; resolves to what it printed on standard error, and whether it failed. */
async function run(args: string[]) {
  let said = '';
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  process.exitCode = 0;
  try {
    await (await createProgram(ENVIRONMENT)).parseAsync(args, { from: 'user' });
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return { said, failed: process.exitCode !== 0 };
}

/** Every database in a folder by name, with the SHA-256 of its content. */
function databases(folder: string): { [file: string]: string } {
  const names = readdirSync(folder).filter((name) => /\.db|^witness|^backup/.test(name));
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(names.sort().map((name) => [name, digest(name)]));
}

test('every command with a data folder is known here: those that open it, and the others', async () => {
  const withData = (await createProgram(ENVIRONMENT)).commands.filter(({ options }) =>
    options.some(({ long }) => long === '--data'),
  );
  const opening = Object.keys(OPENING).map((command) => command.split(' ')[0] ?? '');
  expect(new Set(withData.map((command) => command.name()))).toEqual(new Set([...opening, ...OTHERS]));
});

test.each(Object.keys(OPENING))(
  'C15: %s refuses the files of an older version, says what to do, and leaves them as they are',
  async (command) => {
    await using fixture = await unpacked('761e052');
    const before = databases(fixture.data);
    const args = OPENING[command]?.('0190'.padEnd(24, '0'), fixture.data) ?? [];
    const { said, failed } = await run([...args, '--data', fixture.data]);
    expect(databases(fixture.data)).toEqual(before);
    expect(failed).toBe(true);
    expect(said).toMatch(
      /store\.db was written by an older version \(schema 9; this version has \d+\).*\(config_invalid\)/,
    );
    expect(said).toContain(
      'first back it up with the version that wrote it, then start the server of this version once',
    );
  },
);

test('C15: while a server of another version runs, a command names its version as the one to use, and not to stop it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-other-version-'));
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  await using _engines = await openEmbeddedEngines({ ...parts, dataDir });
  // What the server of 761e052 greets with.
  const greeting = new Packr({ useRecords: false }).pack([['hello', 2, {}]]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(greeting.length);
  const older = createServer((socket) => socket.on('error', () => {}).write(Buffer.concat([length, greeting])));
  older.listen(join(dataDir, 'engine.sock'));
  onTestFinished(async () => {
    older.close();
    await rm(dataDir, { recursive: true });
  });
  const { said, failed } = await run(['backup', join(dataDir, '..', 'never'), '--data', dataDir]);
  expect(failed).toBe(true);
  expect(said).toMatch(
    /is of another version .*: use the commands of its version, also for a backup \(config_invalid\)\n$/,
  );
}, 60_000);

test('C15: once a server has upgraded the files, every command works', async () => {
  await using fixture = await unpacked('761e052');
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const engines = await openEmbeddedEngines({ ...parts, dataDir: fixture.data, upgrade: true });
  const { messages } = await engines.messages.scan(null, 1);
  await engines[Symbol.asyncDispose]();
  for (const command of Object.keys(OPENING)) {
    const args = OPENING[command]?.(messages[0]?.messageId ?? '', fixture.data) ?? [];
    expect({ command, ...(await run([...args, '--data', fixture.data])) }).toMatchObject({ command, failed: false });
  }
}, 120_000);
