import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';

/**
 * An environment with what a file of `NAME=value` lines says beside it. What the environment itself says goes before, so
 * that one key can be tried without editing the file. Errors: `config_invalid` when the file cannot be read.
 */
export function withConfigFile(env: Environment, path: string): Environment {
  try {
    return { ...parseEnv(readFileSync(path, 'utf8')), ...env };
  } catch (error) {
    throw new ImError('config_invalid', `the configuration file ${path} cannot be read`, {}, error);
  }
}
