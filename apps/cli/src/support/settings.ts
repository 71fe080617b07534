import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';

/** The settings of each set of engines that `engines:up` starts, by its name there. */
export const SETTINGS_OF_SETS = {
  large: 'cluster.env',
  classic: 'classic.env',
} as const;

export type EngineSet = keyof typeof SETTINGS_OF_SETS;

/** Options of every command that say where its settings are. */
export interface SettingsOptions {
  set?: EngineSet;
  /** A file of `NAME=value` lines. */
  config?: string;
}

const DEPLOY = join(import.meta.dirname, '../../../../deploy');

/**
 * The environment with the settings of a file, and with those of a set of engines. The environment takes precedence over
 * the file, so that one key can be tried without editing it, and the file over the set. Errors: `config_invalid` when
 * one of them cannot be read.
 */
export function withSettings(env: Environment, { set, config }: SettingsOptions): Environment {
  return {
    ...(set === undefined ? {} : read(join(DEPLOY, SETTINGS_OF_SETS[set]))),
    ...(config === undefined ? {} : read(config)),
    ...env,
  };
}

function read(path: string): Environment {
  try {
    // A byte order mark, as some editors write it, would become part of the first name.
    return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ImError('config_invalid', `the configuration file ${path} cannot be read`, {}, error);
  }
}
