import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import { type CommonConfig, ConfigReader, type Environment, readCommonConfig, readWebhookRule } from '@chasqui/kit';
import { DEFAULT_HOOKS_SETTINGS, type HooksSettings } from './settings.ts';

export interface HooksConfig extends CommonConfig {
  engines: EnginesConfig;
  /** Port of health and metrics. 0: a free one. */
  /** Absent: another app of the process answers for this one. */
  statusPort?: number;
  /** Receivers may have addresses that are not of the public internet. */
  allowPrivate: boolean;
  settings: Partial<HooksSettings>;
}

const DAY_MS = 24 * 3600 * 1000;

/** Errors: `config_invalid`, which lists every fault. */
export function readHooksConfig(env: Environment): HooksConfig {
  const reader = new ConfigReader(env);
  const { requestTimeoutMs, retry, retryForMs, retentionMs, maxEvents, deadLetterRetentionMs } = DEFAULT_HOOKS_SETTINGS;
  const days = (name: string, fallbackMs: number, max: number) =>
    reader.integer(name, fallbackMs / DAY_MS, { min: 1, max }) * DAY_MS;
  const initialMs = reader.integer('CHASQUI_HOOKS_RETRY_MS', retry.initialMs, { min: 1, max: retry.maxMs });
  const maxMs = reader.integer('CHASQUI_HOOKS_RETRY_MAX_MS', retry.maxMs, { min: 1, max: DAY_MS });
  return reader.finish({
    ...readCommonConfig(reader),
    engines: readEnginesConfig(reader),
    statusPort: reader.integer('CHASQUI_HOOKS_STATUS_PORT', 4604, { min: 0, max: 65_535 }),
    ...readWebhookRule(reader),
    settings: {
      requestTimeoutMs: reader.integer('CHASQUI_HOOKS_TIMEOUT_MS', requestTimeoutMs, { min: 100, max: 60_000 }),
      retry: { initialMs, maxMs },
      pause: { initialMs, maxMs: Math.ceil(maxMs / 3) },
      retryForMs: days('CHASQUI_HOOKS_RETRY_DAYS', retryForMs, 30),
      retentionMs: days('CHASQUI_HOOKS_RETENTION_DAYS', retentionMs, 365),
      maxEvents: reader.integer('CHASQUI_HOOKS_MAX_EVENTS', maxEvents, { min: 1_000, max: 1_000_000_000 }),
      deadLetterRetentionMs: days('CHASQUI_HOOKS_DEAD_LETTER_DAYS', deadLetterRetentionMs, 365),
    },
  });
}
