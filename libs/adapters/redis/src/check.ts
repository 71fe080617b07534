import type { Clock, Random } from '@chasqui/domain';
import { type Finding, found, silentLogger } from '@chasqui/kit';
import { Cluster, type Redis } from 'ioredis';
import type { RedisConfig } from './config.ts';
import { reach } from './reach.ts';
import { parseInfo, placeOf, policyFault, type ServerInfo } from './server-check.ts';

export interface CheckOptions {
  config: RedisConfig;
  clock: Clock;
  random: Random;
}

/** How long a server has to answer, ms. */
const ANSWER_MS = 3_000;

/**
 * Examines the server, or each master of a cluster, for `chasqui doctor`: whether it can be used, and settings that lose
 * something. Changes nothing that lasts. Never rejects.
 */
export async function checkRedis({ config, clock, random }: CheckOptions): Promise<Finding[]> {
  const what = `Redis at ${placeOf(config)}`;
  const reaching = reach({ config, clock, random, logger: silentLogger, startMs: ANSWER_MS });
  const usable = await found(what, async () => {
    await reaching;
    return { ok: true, what: `${what}: the user may read and write what has the prefix` };
  });
  if (!usable.ok) return [usable];
  const { client, link } = await reaching;
  try {
    const servers = client instanceof Cluster ? client.nodes('master') : [client];
    const ofServers = await Promise.all(
      servers.map((server) => {
        const { host, port } = server.options;
        const place = `Redis at ${host}:${port}`;
        return found(place, () => link.call(() => settingsOf(server, place)));
      }),
    );
    return [usable, ...ofServers];
  } finally {
    client.disconnect();
  }
}

async function settingsOf(server: Redis, place: string): Promise<Finding> {
  const info = parseInfo(await server.info());
  const faults = [...memoryFaults(info), ...keepingFaults(info, await appendfsync(server))];
  const what = `${place}: ${info.redis_version}`;
  if (faults.length === 0) return { ok: true, what: `${what}, with its limit of memory and its append-only file` };
  return { ok: false, what: `${what}, whose settings lose something`, hint: faults.join('. ') };
}

function memoryFaults(info: ServerInfo): string[] {
  const policy = policyFault(info);
  return [
    ...(info.maxmemory === '0' ? ['No maxmemory: a full machine ends it with all that it has; set one'] : []),
    ...(policy === null ? [] : [`It has ${policy}`]),
  ];
}

/** What a restart loses. `sync`: undefined if the server does not tell. */
function keepingFaults(info: ServerInfo, sync: string | undefined): string[] {
  if (info.aof_enabled === '0') {
    const text =
      'No append-only file: a restart forgets who is online until the nodes have registered again, and how far MySQL was, by which a database that was set back is noticed';
    return [`${text}; set appendonly yes`];
  }
  if (sync === 'no') return ['appendfsync is no: a crash loses half a minute; set everysec'];
  if (info.aof_last_write_status === 'err') return ['It cannot write its append-only file: look at its disk and log'];
  return [];
}

/** Managed servers, and users without the right to CONFIG, do not tell. */
async function appendfsync(server: Redis): Promise<string | undefined> {
  try {
    const [, value] = (await server.config('GET', 'appendfsync')) as string[];
    return value;
  } catch {
    return undefined;
  }
}
