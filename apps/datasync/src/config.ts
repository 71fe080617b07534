import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import { type CommonConfig, ConfigReader, type Environment, readCommonConfig } from '@chasqui/kit';

export interface DataSyncConfig extends CommonConfig {
  engines: EnginesConfig;
  /** Port of health and metrics. 0: a free one. */
  /** Absent: another app of the process answers for this one. */
  statusPort?: number;
}

/** Errors: `config_invalid`, which lists every fault. */
export function readDataSyncConfig(env: Environment): DataSyncConfig {
  const reader = new ConfigReader(env);
  return reader.finish({
    ...readCommonConfig(reader),
    engines: readEnginesConfig(reader),
    statusPort: reader.integer('CHASQUI_DATASYNC_STATUS_PORT', 4602, { min: 0, max: 65_535 }),
  });
}
