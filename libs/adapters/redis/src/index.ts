export { checkRedis } from './check.ts';
export { type OpenRedisOptions, openRedisEngines } from './open-engines.ts';
export type { RedisPorts } from './ports.ts';
