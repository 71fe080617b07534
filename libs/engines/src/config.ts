import type { ConfigReader } from '@chasqui/kit';
import { type RedisConfig, readRedisConfig } from '@chasqui/redis/config';

/** The cluster engines that were chosen. One that is absent leaves its role to the embedded engines. */
export interface EnginesConfig {
  redis?: RedisConfig;
}

/** One key a role says which engine plays it; only the chosen ones' own keys are read. */
export function readEnginesConfig(reader: ConfigReader): EnginesConfig {
  const isChosen = (key: string, engine: string) => reader.oneOf(key, ['embedded', engine], 'embedded') === engine;
  return {
    ...(isChosen('CHASQUI_PRESENCE', 'redis') ? { redis: readRedisConfig(reader) } : {}),
  };
}
