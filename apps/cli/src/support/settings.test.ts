import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../program.ts';
import { withSettings } from './settings.ts';

test('the environment takes precedence over a file of settings, and the file over a set of engines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'my.env');
  writeFileSync(config, 'CHASQUI_PRESENCE=embedded\nCHASQUI_BUS=embedded\n');
  const env = withSettings({ CHASQUI_BUS: 'rocketmq', HOME: '/root' }, { set: 'classic', config });
  expect(env).toMatchObject({ CHASQUI_BUS: 'rocketmq', CHASQUI_PRESENCE: 'embedded', CHASQUI_STORE: 'mysql' });
  expect(env.HOME).toBe('/root');
  expect(withSettings({ CHASQUI_BUS: 'x' }, {})).toEqual({ CHASQUI_BUS: 'x' });
});

test('C15: an unknown set is refused with the names of all, and the last one that is named counts', async () => {
  const said: string[] = [];
  const program = await createProgram({}, ['cluster']);
  program.exitOverride().configureOutput({ writeErr: (text) => said.push(text) });
  expect(() => program.parseOptions(['cluster', '--set', 'clasic'])).toThrow(/clasic/);
  expect(said.join('')).toContain("argument 'clasic' is invalid. Allowed choices are large, classic.");
  program.parseOptions(['cluster', '--set', 'large', '--set', 'classic']);
  expect(program.opts()).toMatchObject({ set: 'classic' });
});
