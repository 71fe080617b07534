import { type CommonConfig, ConfigReader, type Environment, readCommonConfig } from '@chasqui/kit';

/** Errors: `config_invalid`, which lists every fault. */
export function readEngineConfig(env: Environment): CommonConfig {
  const reader = new ConfigReader(env);
  return reader.finish(readCommonConfig(reader));
}
