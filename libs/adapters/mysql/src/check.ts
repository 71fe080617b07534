import type { Clock, Random } from '@chasqui/domain';
import { type Finding, found, silentLogger } from '@chasqui/kit';
import { tablesFindings } from './check-tables.ts';
import type { MysqlConfig } from './config.ts';
import { checkServer } from './engine/check-server.ts';
import { unavailable } from './engine/failures.ts';
import type { Link } from './engine/link.ts';
import { linkOptions } from './engine/link-options.ts';
import { reach } from './engine/reach.ts';
import { settingsFinding, versionOf } from './engine/server-settings.ts';
import { endSoon } from './messages/partitions.ts';

export interface CheckOptions {
  config: MysqlConfig;
  clock: Clock;
  random: Random;
  /** The database keeps the messages. */
  messages: boolean;
}

/**
 * Examines the server and the database for `chasqui doctor`: whether the apps can use them, rights, and settings that
 * lose something. Changes nothing that lasts. Never rejects.
 */
export async function checkMysql({ config, clock, random, messages }: CheckOptions): Promise<Finding[]> {
  const { address } = config;
  const place = `MySQL at ${address.host}:${address.port}`;
  const linking = Promise.resolve().then(() =>
    reach({ ...linkOptions(config), startWaitMs: 0, clock, logger: silentLogger }),
  );
  const usable = await found(place, async () => {
    const link = await linking;
    await checkServer(link);
    return { ok: true, what: `${place}: ${await versionOf(link)}, database ${address.database}` };
  });
  const link = await linking.catch(() => undefined);
  if (link === undefined) return [usable];
  const checked = (what: string, check: (link: Link) => Promise<Finding>) =>
    found(what, () => check(link).catch((error: unknown) => Promise.reject(unavailable(error))));
  try {
    const settings = await checked(`${place}: settings`, (link) => settingsFinding(link, place));
    const tried = `chasqui_doctor_${Math.floor(random() * 2 ** 48).toString(36)}`;
    const tables = await tablesFindings(checked, { place, address, tried });
    const isReady = tables.every(({ ok }) => ok);
    const months =
      messages && isReady ? [await checked(`${place}: partitions`, (link) => monthsFinding(link, clock))] : [];
    return [usable, settings, ...tables, ...months];
  } finally {
    await link.close();
  }
}

async function monthsFinding(link: Link, clock: Clock): Promise<Finding> {
  if (!(await endSoon(link, clock))) return { ok: true, what: 'MySQL: partitions for messages of the coming months' };
  return { ok: false, what: 'MySQL: partitions for messages end soon', hint: 'run: npx chasqui setup' };
}
