import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ALL_ROLES, engineOf } from '@chasqui/engines';
import { readEnginesConfig } from '@chasqui/engines/config';
import { ConfigReader } from '@chasqui/kit';
import { expect, it } from 'vitest';
import { ENGINE_SETS } from '../../deploy/engines/local-engines.ts';

it.each([
  ['cluster.env', ENGINE_SETS.large],
  ['classic.env', ENGINE_SETS.classic],
])('deploy/%s names every engine of its set where engines:up puts it, and is read without a fault', (file, engines) => {
  const settings = parseEnv(readFileSync(join(import.meta.dirname, '../../deploy', file), 'utf8'));
  expect(settings).toMatchObject(Object.assign({}, ...engines.map((engine) => engine.settings)));
  const reader = new ConfigReader(settings);
  const config = reader.finish(readEnginesConfig(reader));
  const chosen = new Set(ALL_ROLES.map((role) => engineOf(config, role)).filter((engine) => engine !== 'embedded'));
  expect([...chosen].toSorted()).toEqual(engines.map(({ name }) => name).toSorted());
});
