import { PUSH_PROVIDERS, type PushProvider } from '@chasqui/domain';
import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import { type CommonConfig, ConfigReader, type Environment, readCommonConfig } from '@chasqui/kit';
import { type ProviderConfigs, readProviderConfigs } from './provider-config.ts';
import { DEFAULT_PUSH_SETTINGS, type PushSettings } from './settings.ts';

export interface PushConfig extends CommonConfig {
  engines: EnginesConfig;
  /** Port of health and metrics. 0: a free one. */
  /** Absent: another app of the process answers for this one. */
  statusPort?: number;
  /** Preferred provider first: the first one that can reach a device is used. */
  order: readonly PushProvider[];
  providers: ProviderConfigs;
  settings: Partial<PushSettings>;
}

const DAY_MS = 24 * 3600 * 1000;

/** Errors: `config_invalid`, which lists every fault. */
export function readPushConfig(env: Environment): PushConfig {
  const reader = new ConfigReader(env);
  const { maxAttempts, maxAgeMs, maxInFlight, outcomeRetentionMs, language } = DEFAULT_PUSH_SETTINGS;
  const retentionDays = reader.integer('CHASQUI_PUSH_RETENTION_DAYS', outcomeRetentionMs / DAY_MS, {
    min: 1,
    max: 3650,
  });
  const maxAgeS = reader.integer('CHASQUI_PUSH_MAX_AGE_S', maxAgeMs / 1_000, { min: 10, max: 7 * 24 * 3600 });
  return reader.finish({
    ...readCommonConfig(reader),
    engines: readEnginesConfig(reader),
    statusPort: reader.integer('CHASQUI_PUSH_STATUS_PORT', 4603, { min: 0, max: 65_535 }),
    order: reader.parsed('CHASQUI_PUSH_ORDER', PUSH_PROVIDERS.join(','), readOrder),
    providers: readProviderConfigs(reader),
    settings: {
      allowText: reader.oneOf('CHASQUI_PUSH_TEXT', ['allow', 'never'], 'allow') === 'allow',
      language: reader.text('CHASQUI_PUSH_LANGUAGE', language),
      maxAttempts: reader.integer('CHASQUI_PUSH_MAX_ATTEMPTS', maxAttempts, { min: 1, max: 20 }),
      maxInFlight: reader.integer('CHASQUI_PUSH_MAX_IN_FLIGHT', maxInFlight, { min: 1, max: 1_000 }),
      maxAgeMs: maxAgeS * 1_000,
      outcomeRetentionMs: retentionDays * DAY_MS,
    },
  });
}

function readOrder(text: string): PushProvider[] {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const provider = PUSH_PROVIDERS.find((one) => one === name);
    if (provider === undefined) throw new Error(`must name some of ${PUSH_PROVIDERS.join(', ')}, separated by commas`);
    return provider;
  });
}
