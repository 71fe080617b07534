import { setTimeout as pause } from 'node:timers/promises';
import { checkInboxes, type InboxCheck, LoadCrowd, type LoadMode, modeName, openUsers } from '@chasqui/app-cli/load';
import { type Measured, measure, residentMb } from './measured.ts';
import { searchFollows } from './search-follows.ts';
import type { Contender, OwnProcess } from './servers.ts';

export interface BenchSize {
  pairs: number;
  /** Duration of each load. */
  seconds: number;
  warmUpSeconds: number;
  /** Messages that each pair keeps in flight, one closed load after the other. */
  inFlight: readonly number[];
  /** Messages a second. */
  rates: readonly number[];
  idleConnections: number;
  /** The load client has no core of its own. */
  sharesCores?: boolean;
}

export const FULL: BenchSize = {
  pairs: 100,
  seconds: 10,
  warmUpSeconds: 5,
  inFlight: [8],
  rates: [500, 2_000, 5_000, 10_000],
  idleConnections: 4_000,
};

/** About 20 seconds in all. */
export const QUICK: BenchSize = {
  ...FULL,
  seconds: 2,
  warmUpSeconds: 1,
  rates: [500, 2_000],
  idleConnections: 1_000,
};

/** For the real engines, with enough in flight to keep them busy. */
export const REAL: BenchSize = {
  ...FULL,
  warmUpSeconds: 10,
  inFlight: [8, 32],
  rates: [500, 1_000, 2_000, 5_000],
  sharesCores: true,
};

/** The server under load. */
export type Loaded = Pick<Contender, 'process' | 'target' | 'stages' | 'api'>;

export const closed = (inFlight: number): LoadMode => ({ kind: 'closed', inFlight });

/**
 * Runs the loads in turn, each after search has caught up with the previous one, whose indexing must not count for it.
 */
export async function runLoads(
  { process: server, target, stages, api }: Loaded,
  crowd: LoadCrowd,
  modes: readonly LoadMode[],
  { seconds, sharesCores = false }: Pick<BenchSize, 'seconds' | 'sharesCores'>,
): Promise<Measured[]> {
  const results: Measured[] = [];
  for (const mode of modes) {
    const result = await measure(server, crowd, { mode, seconds, stages, sharesCores });
    if (api !== undefined) result.searchMs = await searchFollows(api, target, crowd);
    process.stderr.write(`  ${modeName(mode)}: ${Math.round(result.throughput)} done/s\n`);
    results.push(result);
  }
  return results;
}

/** Every load in turn on one server; the first runs of its code are excluded from the figures. */
export async function runPhases(contender: Loaded, size: BenchSize): Promise<Measured[]> {
  const { pairs, warmUpSeconds, inFlight, rates } = size;
  using crowd = await LoadCrowd.open(contender.target, { name: 'bench', pairs });
  const modes = [...inFlight.map(closed), ...rates.map((rate): LoadMode => ({ kind: 'open', rate }))];
  await runLoads(contender, crowd, [closed(8)], { ...size, seconds: warmUpSeconds });
  return await runLoads(contender, crowd, modes, size);
}

export interface Overload {
  during: Measured;
  after: Measured;
  /** Every message that was acked *queued* is in its receiver's inbox, once. */
  inboxes: InboxCheck;
  troubles: ReadonlyMap<string, number>;
}

/** Twice the server's capacity, then little: the server must survive, refuse with errors, recover, and lose nothing. */
export async function runOverload(contender: Loaded, results: readonly Measured[], size: BenchSize): Promise<Overload> {
  const { process: server, target, stages } = contender;
  const { pairs, seconds, sharesCores = false } = size;
  using crowd = await LoadCrowd.open(target, { name: 'overload', pairs });
  const rate = Math.round(2 * Math.max(...results.map(({ throughput }) => throughput)));
  const during = await measure(server, crowd, { mode: { kind: 'open', rate }, seconds, stages, sharesCores });
  const little: LoadMode = { kind: 'open', rate: 500 };
  const [after] = await runLoads(contender, crowd, [little], { seconds: seconds / 2, sharesCores });
  const inboxes = await checkInboxes(target, crowd, during);
  return { during, after: after as Measured, inboxes, troubles: crowd.troubles.counts };
}

/** After the first load, which warms the server up. */
const MEASURED_STEPS = 3;
const SETTLE_MS = 3_000;

/**
 * kB for each further idle logged-in connection, of a server that was started with `WEIGHED` and holds some thousands.
 */
export async function measureIdle({ process: server, target }: OwnProcess, connections: number): Promise<number> {
  const troubles = { counts: new Map<string, number>() };
  const users: { close(): void }[] = [];
  const resident: number[] = [];
  for (let step = 0; step <= MEASURED_STEPS; step++) {
    users.push(...(await openUsers(target, { name: `idle${step}`, count: connections, troubles })));
    await pause(SETTLE_MS);
    await server.collectGarbage();
    resident.push(residentMb(server));
  }
  for (const user of users) user.close();
  const grown = (resident.at(-1) ?? 0) - (resident[0] ?? 0);
  return (grown * 1_024) / (MEASURED_STEPS * connections);
}
