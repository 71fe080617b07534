import { ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { RedisClient } from './client.ts';
import type { RedisConfig } from './config.ts';
import { createKeys } from './keys.ts';
import { script } from './script.ts';

/** The oldest version with all commands that we use. */
const OLDEST = 6;
/** Evicts what ends soonest: hints and caches before presence. */
const RIGHT_POLICY = 'volatile-ttl';

/** KEYS probe. Checks that scripts may write and read the time. */
const PROBE = script<string>(`
redis.call('SET', KEYS[1], redis.call('TIME')[1], 'PX', 1000)
redis.call('DEL', KEYS[1])
return 'ok'
`);

/** Faults that waiting does not cure, by the server's text. */
const FAULTS: readonly [RegExp, string][] = [
  [
    /WRONGPASS|NOAUTH|invalid password|without any password/,
    'set user and password in CHASQUI_REDIS_URL or CHASQUI_REDIS_PASSWORD',
  ],
  [/NOPERM/, 'the user needs the rights +@all ~<CHASQUI_REDIS_PREFIX>*'],
  [/cluster support disabled/, 'it is not a cluster: set CHASQUI_REDIS_MODE=standalone'],
  [
    /DB index is out of range|invalid DB index/,
    'there is no such database: change the number at the end of CHASQUI_REDIS_URL',
  ],
];

/** `config_invalid` with the remedy if waiting does not cure the error; else null. */
export function faultOf(config: RedisConfig, error: unknown): ImError | null {
  const text = messagesOf(error).join('; ');
  const found = FAULTS.find(([said]) => said.test(text));
  if (found === undefined) return null;
  return new ImError('config_invalid', `Redis at ${placeOf(config)} refuses: ${text}; ${found[1]}`, {}, error);
}

/**
 * Checks that this adapter can use the server. Errors: `config_invalid` with the remedy;
 * the server's own if it is not ready (yet).
 */
export async function checkServer(client: RedisClient, config: RedisConfig, logger: Logger): Promise<void> {
  const info = parseInfo(await client.info());
  const place = `Redis at ${placeOf(config)}`;
  const version = info.redis_version ?? '';
  if (Number.parseInt(version, 10) < OLDEST) {
    throw new ImError('config_invalid', `${place} has version ${version}; ${OLDEST}.0 or later is required`);
  }
  if (info.cluster_enabled === '1' && config.mode !== 'cluster') {
    throw new ImError('config_invalid', `${place} is a cluster: set CHASQUI_REDIS_MODE=cluster`);
  }
  await PROBE(client, [createKeys(config.prefix).probe], []);
  const policy = policyFault(info);
  if (policy !== null) logger.warn({ policy: info.maxmemory_policy }, `${place} has ${policy}`);
}

/** What a full server does wrong by its `maxmemory-policy`, and the right one; null: nothing, or it does not tell. */
export function policyFault({ maxmemory_policy: policy = RIGHT_POLICY }: ServerInfo): string | null {
  if (policy === RIGHT_POLICY) return null;
  const does = policy === 'noeviction' ? 'it registers no log-ins' : 'it evicts presence entries';
  return `maxmemory-policy ${policy}: when it is full, ${does}; ${RIGHT_POLICY} evicts hints and caches first`;
}

export function placeOf({ address }: RedisConfig): string {
  return address.hosts.map(({ host, port }) => `${host}:${port}`).join(',');
}

/** The answer to INFO, by the names of its lines. */
export type ServerInfo = Readonly<Record<string, string | undefined>>;

export function parseInfo(text: string): ServerInfo {
  return Object.fromEntries([...text.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name, value]) => [name, value]));
}

/** The messages of an error and of its causes. */
export function messagesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const inner = 'lastNodeError' in error ? error.lastNodeError : error.cause;
  return [error.message, ...messagesOf(inner)].filter((text, index, all) => text !== '' && all.indexOf(text) === index);
}
