import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { textOf } from '../../deploy/files.ts';
import { runTool } from './run-tool.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** What systemd says of the unit, installed at this repository instead of /opt/chasqui. */
async function verified(change: (unit: string) => string = (unit) => unit): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-unit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'chasqui.service');
  await writeFile(path, change(textOf('one/chasqui.service').replaceAll('/opt/chasqui', ROOT)));
  return (await runTool('apt-get install systemd', 'systemd-analyze', ['verify', path])).trim();
}

test('systemd understands the unit, and finds its program', async () => {
  expect(await verified()).toBe('');
});

test('a misspelled setting and a missing program are noticed', async () => {
  expect(await verified((unit) => unit.replace('TimeoutStopSec', 'StopTimeoutSec'))).toContain('StopTimeoutSec');
  await expect(verified((unit) => unit.replace('.bin/node', '.bin/nodes'))).rejects.toThrow('not executable');
});

test('the unit starts what `npm start` does', async () => {
  const { scripts } = JSON.parse(textOf('../package.json')) as { scripts: { start: string } };
  const [, command = ''] = /^ExecStart=\S*\/(node .*)$/m.exec(textOf('one/chasqui.service')) ?? [];
  expect(scripts.start).toContain(command);
  expect(command).not.toBe('');
});
