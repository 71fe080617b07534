import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { contentOf, fill, openFolder } from '../cli/moved-data.ts';

const CLI = join(import.meta.dirname, '../../apps/cli/src/main.ts');
/** What the command says when it is killed: in each phase, or ended by Ctrl-C. */
const KILLS = [
  ['copied blocks', 'SIGKILL'],
  ['copied log_entries: 1000', 'SIGKILL'],
  ['copied messages: 1000', 'SIGINT'],
  ['copied messages: 1200', 'SIGKILL'],
  ['compared conversation_entries', 'SIGKILL'],
  ['indexed messages', 'SIGKILL'],
] as const;

test('C3: a move that is killed in each phase goes on, and copies everything once', { timeout: 300_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'chasqui-moves-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const source = await openFolder(join(root, 'old'));
  await fill(source, 1_200);
  const content = await contentOf(source);
  await source[Symbol.asyncDispose]();
  /** Runs the command until it says so, or to its end; returns what it said. */
  const move = async (until?: string, signal?: NodeJS.Signals) => {
    const child = spawn(process.execPath, [CLI, 'move', '--from', 'old', '--to', 'new'], {
      cwd: root,
      env: { HOME: root, NODE_COMPILE_CACHE: join(root, 'cache') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      if (until !== undefined && said.includes(until)) child.kill(signal);
    });
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { said, ended: killedBy ?? code };
  };
  for (const [until, signal] of KILLS) {
    const { ended, said } = await move(until, signal);
    expect(ended, said).toBe(signal);
    await expect(openFolder(join(root, 'old'))).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(openFolder(join(root, 'new'))).rejects.toMatchObject({ code: 'config_invalid' });
  }
  const { said, ended } = await move();
  expect(ended, said).toBe(0);
  expect(said).not.toMatch(/copied \w+: /);
  await using engines = await openFolder(join(root, 'new'));
  expect(await contentOf(engines)).toEqual(content);
});
