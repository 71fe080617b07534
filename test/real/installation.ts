import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import { ConfigReader } from '@chasqui/kit';
import type { EngineSet } from '../../deploy/engines/local-engines.ts';
import { OWN_PARTS, type OwnPart, type OwnParts, type Settings } from './own-parts.ts';

/** A separate installation on the engines of this machine; disposal removes all of its data. */
export interface Installation extends AsyncDisposable {
  /** The apps' configuration for it. */
  env: Settings;
}

/** Which engine plays which role, and where it is: as operators of this machine have it. */
const CONFIGURATIONS = { large: 'cluster.env', classic: 'classic.env' } satisfies { [S in EngineSet]: string };

let made = 0;

/** Errors: those of the engine that is absent. */
export async function createInstallation(set: EngineSet = 'large'): Promise<Installation> {
  const own = `test${process.pid}x${Date.now().toString(36)}x${++made}`;
  const file = join(import.meta.dirname, '../../deploy', CONFIGURATIONS[set]);
  const shared = parseEnv(readFileSync(file, 'utf8')) as Settings;
  const engines = Object.keys(configOf(shared)) as (keyof EnginesConfig)[];
  const env: Settings = Object.assign({}, shared, ...engines.map((engine) => OWN_PARTS[engine].settings(own, shared)));
  const config = configOf(env);
  for (const engine of engines) await make(config, engine);
  return {
    env,
    async [Symbol.asyncDispose]() {
      for (const engine of engines.toReversed()) await remove(config, engine);
    },
  };
}

/** Of the engines that the environment names. */
function configOf(env: Settings) {
  const reader = new ConfigReader(env);
  return reader.finish(readEnginesConfig(reader)) as Required<EnginesConfig>;
}

async function make<E extends keyof OwnParts>(config: Required<EnginesConfig>, engine: E): Promise<void> {
  const part: OwnPart<Required<EnginesConfig>[E]> = OWN_PARTS[engine];
  await part.make?.(config[engine]);
}

async function remove<E extends keyof OwnParts>(config: Required<EnginesConfig>, engine: E): Promise<void> {
  const part: OwnPart<Required<EnginesConfig>[E]> = OWN_PARTS[engine];
  await part.remove(config[engine]);
}
