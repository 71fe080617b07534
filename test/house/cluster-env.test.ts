import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readEnginesConfig } from '@chasqui/engines/config';
import { ConfigReader } from '@chasqui/kit';
import { expect, it } from 'vitest';
import { LOCAL_ENGINES } from '../../deploy/engines/local-engines.ts';

const CLUSTER = parseEnv(readFileSync(join(import.meta.dirname, '../../deploy/cluster.env'), 'utf8'));

it('deploy/cluster.env names every engine where engines:up puts it, and is read without a fault', () => {
  expect(CLUSTER).toMatchObject(Object.assign({}, ...LOCAL_ENGINES.map(({ settings }) => settings)));
  const reader = new ConfigReader(CLUSTER);
  const chosen = Object.keys(reader.finish(readEnginesConfig(reader)));
  expect(chosen.toSorted()).toEqual(LOCAL_ENGINES.map(({ name }) => name).toSorted());
});
