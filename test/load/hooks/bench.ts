import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Histogram, LoadCrowd, markdownTable, runLoad } from '@chasqui/app-cli/load';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import type { WebhookStore } from '@chasqui/ports';
import { ms, whole } from '../groups/table.ts';
import { pinSelf } from '../pinned.ts';
import { machineLine } from '../report.ts';
import { type InstalledProcess, startChasqui } from '../servers.ts';
import { measureYardstick, yardstickText } from '../yardstick.ts';
import { RECEIVERS, type ReceiverName, Receivers } from './receivers.ts';

export interface HooksBenchOptions {
  command: string;
  /** Messages a second. */
  rate: number;
  /** Of each load. */
  seconds: number;
  /** Each receiver once in each of them. */
  turns: number;
  say(text: string): void;
}

const PAIRS = 100;
/** Publishers look at the endpoints every 5 s. */
const SETTLE_MS = 6_000;
/** What is told after the load belongs to it. */
const TAIL_MS = 2_000;
const ENV = { CHASQUI_HOOKS_HTTP: 'on', CHASQUI_HOOKS_PRIVATE: 'on' };

/** One load beside one receiver. */
interface Cost {
  messages: number;
  cpuUs: number;
  bytesWritten: number;
  received: Histogram;
  stored: Histogram;
  /** Requests that the receiver got. */
  requests: number;
  /** Refused, or never done. */
  lost: number;
}

interface Bench extends Pick<HooksBenchOptions, 'rate' | 'seconds'> {
  server: InstalledProcess;
  crowd: LoadCrowd;
  webhooks: WebhookStore;
  receivers: Receivers;
}

/** What webhooks cost a message, in turns with a server that has none. The first turn warms it up and is left out. */
export async function benchHooks({ command, turns, say, ...load }: HooksBenchOptions): Promise<string> {
  pinSelf(1);
  const before = await measureYardstick();
  await using server = await startChasqui([], ENV);
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  await using engines = await connectEmbeddedEngines({ path: join(server.dataDir, 'engine.sock'), ...parts });
  using receivers = await Receivers.open();
  using crowd = await LoadCrowd.open(server.target, { name: 'hooks', pairs: PAIRS });
  const bench = { ...load, server, crowd, webhooks: engines.webhooks, receivers };
  const costs = new Map(RECEIVERS.map((name) => [name, [] as Cost[]]));
  for (let turn = 0; turn <= turns; turn++) {
    const first = turn % RECEIVERS.length;
    for (const name of [...RECEIVERS.slice(first), ...RECEIVERS.slice(0, first)]) {
      const cost = await costOf(bench, name);
      say(`${turn === 0 ? 'warm-up, ' : ''}${name}: ${figuresOf([cost]).join(' | ')}`);
      if (turn > 0) costs.get(name)?.push(cost);
    }
  }
  const text = [
    machineLine(command, 'server on core 0, load client and receivers on core 1'),
    yardstickText([before, await measureYardstick()]),
    `${whole(load.rate)} messages a second, ${whole(load.seconds)} s each; medians of ${turns} turns.`,
    markdownTable([COLUMNS, ...[...costs].map(([name, all]) => [name, ...figuresOf(all)])]),
  ];
  return `${text.join('\n\n')}\n`;
}

async function costOf({ server, crowd, webhooks, receivers, rate, seconds }: Bench, name: ReceiverName): Promise<Cost> {
  const endpoint = receivers.endpointOf(name);
  if (endpoint !== null) await webhooks.put(endpoint);
  await pause(SETTLE_MS);
  const { count } = receivers;
  const before = server.process.use();
  const { tally, unfinished } = await runLoad(crowd, { mode: { kind: 'open', rate }, seconds, stages: server.stages });
  await pause(TAIL_MS);
  const after = server.process.use();
  if (endpoint !== null) await webhooks.remove(endpoint.endpointId);
  return {
    messages: tally.done,
    cpuUs: after.cpuUs - before.cpuUs,
    bytesWritten: after.bytesWritten - before.bytesWritten,
    received: tally.latency.received,
    stored: tally.latency.stored,
    requests: receivers.count - count,
    lost: tally.refused + unfinished,
  };
}

const COLUMNS = [
  'receiver',
  'µs a message',
  'bytes written a message',
  'received',
  'stored',
  'requests a message',
  'lost',
];

function figuresOf(costs: readonly Cost[]): string[] {
  const median = (of: (cost: Cost) => number) =>
    costs.map(of).toSorted((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0;
  const pair = (of: (cost: Cost) => Histogram) =>
    [0.5, 0.99].map((q) => ms(median((cost) => of(cost).quantile(q)))).join(' / ');
  return [
    whole(median(({ cpuUs, messages }) => cpuUs / messages)),
    whole(median(({ bytesWritten, messages }) => bytesWritten / messages)),
    pair(({ received }) => received),
    pair(({ stored }) => stored),
    median(({ requests, messages }) => requests / messages).toFixed(2),
    whole(costs.reduce((sum, { lost }) => sum + lost, 0)),
  ];
}
