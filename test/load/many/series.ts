import type { InstalledProcess } from '../servers.ts';
import { type UsedByPart, usedBetween } from '../watched.ts';
import { Crowd } from './crowd.ts';
import { CrowdLoad } from './crowd-load.ts';
import { becomesQuiet, type Held, heldBy } from './held.ts';
import { anybody, type PartnerChoice, popular } from './partners.ts';

/** Rows of one server: who is online and writes to whom. */
export interface Series {
  name: string;
  /** Those who log in for a step. */
  online(step: number): number[];
  /** How many of them send, from the first on. */
  senders: number;
  /** Messages of each sender in a step. */
  each: number;
  partnerOf: PartnerChoice;
}

export interface StepRow {
  name: string;
  /** Messages that were sent to this server, with those of earlier steps and of the warm-up. */
  sent: number;
  load: Pick<CrowdLoad, 'done' | 'delivered' | 'unfinished' | 'refusals' | 'others' | 'storing'>;
  seconds: number;
  used: UsedByPart;
  bytesToDisk: number;
  /** CPU µs of a log-in, and of the log-out of somebody who was online in the step before. */
  logInUs: number;
  held: Held;
}

export interface SeriesOptions {
  /** After one more, which warms the server up and is left out. */
  steps: number;
  done(row: StepRow): void;
}

const PAIRS = 100;
/** Messages that a user sends while online, if there are many users. */
const EACH = 20;

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, n) => from + n);

/** The usual pairs, whose receivers are online or not. */
export function pairs(step: number, receivers: 'online' | 'offline'): Series {
  return {
    name: `${PAIRS} pairs, receivers ${receivers}`,
    online: () => numbers(0, receivers === 'online' ? 2 * PAIRS : PAIRS),
    senders: PAIRS,
    each: Math.ceil(step / PAIRS),
    partnerOf: (sender) => sender + PAIRS,
  };
}

/** Users who come online, send a little and leave, so that after some steps everybody has sent. */
export function many(step: number, users: number, partners: 'anybody' | 'popular'): Series {
  const senders = Math.min(users, Math.ceil(step / EACH));
  return {
    name: `${users.toLocaleString('en')} users, ${partners === 'anybody' ? 'uniform' : "Zipf's law"}`,
    online: (index) => numbers(index * senders, senders).map((number) => number % users),
    senders,
    each: Math.ceil(step / senders),
    partnerOf: partners === 'anybody' ? anybody(users) : popular(users),
  };
}

/** All steps of a series on one server. */
export async function runSeries(
  server: InstalledProcess,
  series: Series,
  { steps, done }: SeriesOptions,
): Promise<void> {
  let sent = 0;
  for (let index = 0; index <= steps; index++) {
    const row = await runStep(server, series, index);
    sent += row.sent;
    if (index > 0) done({ ...row, sent });
  }
}

async function runStep(server: InstalledProcess, series: Series, index: number): Promise<StepRow> {
  const online = series.online(index);
  const offline = server.process.use();
  using crowd = await Crowd.open(server.target, online);
  await becomesQuiet(server);
  const before = { parts: server.process.parts(), ...server.process.use() };
  const load = new CrowdLoad({ ...series, senders: crowd.users.slice(0, series.senders) });
  crowd.answers = load;
  const seconds = await load.run();
  await becomesQuiet(server);
  const after = { parts: server.process.parts(), ...server.process.use() };
  crowd.answers = null;
  return {
    name: series.name,
    sent: load.total,
    load,
    seconds,
    used: usedBetween(before.parts, after.parts),
    bytesToDisk: after.bytesToDisk - before.bytesToDisk,
    logInUs: (before.cpuUs - offline.cpuUs) / online.length,
    held: await heldBy(server),
  };
}
