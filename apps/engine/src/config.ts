import { defined } from '@chasqui/domain';
import {
  type CommonConfig,
  ConfigReader,
  type Environment,
  type HostAndPort,
  readCommonConfig,
  readEngineListen,
} from '@chasqui/kit';

export interface EngineConfig extends CommonConfig {
  /** Where processes of other machines reach the engines. Absent: they do not. */
  listen?: HostAndPort;
}

/** Errors: `config_invalid`, which lists every fault. */
export function readEngineConfig(env: Environment): EngineConfig {
  const reader = new ConfigReader(env);
  return reader.finish({ ...readCommonConfig(reader), ...defined({ listen: readEngineListen(reader) }) });
}
