import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ALL_ROLES, engineOf } from '@chasqui/engines';
import { readEnginesConfig } from '@chasqui/engines/config';
import { ConfigReader } from '@chasqui/kit';
import { expect, it } from 'vitest';
import { SETTINGS_OF_SETS } from '../../apps/cli/src/support/settings.ts';
import { ENGINE_SETS, type EngineSet } from '../../deploy/engines/local-engines.ts';

it('the sets of engines:up are those of the commands', () => {
  expect(Object.keys(SETTINGS_OF_SETS)).toEqual(Object.keys(ENGINE_SETS));
});

it.each(Object.entries(SETTINGS_OF_SETS).map(([set, file]) => [file, ENGINE_SETS[set as EngineSet]] as const))(
  'deploy/%s names every engine of its set where engines:up puts it, and is read without a fault',
  (file, engines) => {
    const settings = parseEnv(readFileSync(join(import.meta.dirname, '../../deploy', file), 'utf8'));
    expect(settings).toMatchObject(Object.assign({}, ...engines.map((engine) => engine.settings)));
    const reader = new ConfigReader(settings);
    const config = reader.finish(readEnginesConfig(reader));
    const chosen = new Set(ALL_ROLES.map((role) => engineOf(config, role)).filter((engine) => engine !== 'embedded'));
    expect([...chosen].toSorted()).toEqual(engines.map(({ name }) => name).toSorted());
  },
);
