import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';

/**
 * Adds the `NAME=value` lines of a file to an environment. The environment takes precedence, so that one key can be
 * tried without editing the file. Errors: `config_invalid` when the file cannot be read.
 */
export function withConfigFile(env: Environment, path: string): Environment {
  try {
    return { ...parseEnv(readFileSync(path, 'utf8')), ...env };
  } catch (error) {
    throw new ImError('config_invalid', `the configuration file ${path} cannot be read`, {}, error);
  }
}
