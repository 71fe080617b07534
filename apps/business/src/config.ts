import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import { type CommonConfig, ConfigReader, type Environment, readCommonConfig } from '@chasqui/kit';

export interface BusinessConfig extends CommonConfig {
  engines: EnginesConfig;
  /** Port of health and metrics. 0: a free one. */
  /** Absent: another app of the process answers for this one. */
  statusPort?: number;
  /** How long inbox entries are kept, in days. */
  inboxRetentionDays: number;
  /** How long messages of direct conversations and of groups are kept, in days. 0: for ever. */
  directRetentionDays: number;
  groupRetentionDays: number;
  /** How many earlier versions an edited message keeps. 0: none. */
  keptVersions: number;
}

/** Errors: `config_invalid`, which lists every fault. */
export function readBusinessConfig(env: Environment): BusinessConfig {
  const reader = new ConfigReader(env);
  return reader.finish({
    ...readCommonConfig(reader),
    engines: readEnginesConfig(reader),
    statusPort: reader.integer('CHASQUI_BUSINESS_STATUS_PORT', 4601, { min: 0, max: 65_535 }),
    inboxRetentionDays: reader.integer('CHASQUI_INBOX_RETENTION_DAYS', 90, { min: 1, max: 36_500 }),
    directRetentionDays: reader.integer('CHASQUI_DIRECT_RETENTION_DAYS', 0, { min: 0, max: 36_500 }),
    keptVersions: reader.integer('CHASQUI_KEPT_VERSIONS', 0, { min: 0, max: 100 }),
    groupRetentionDays: reader.integer('CHASQUI_GROUP_RETENTION_DAYS', 0, { min: 0, max: 36_500 }),
  });
}
