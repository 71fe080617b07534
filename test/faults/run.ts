import { inboxOf } from '@chasqui/domain';
import type { EngineSet } from '../../deploy/engines/local-engines.ts';
import { checkHistory, directMessages, History, type Violation } from '../checker/index.ts';
import { ProcessCluster } from '../cluster/process-cluster.ts';
import { gatherOutcome } from '../simulation/gather.ts';
import { Dice } from '../simulation/random.ts';
import { People } from './people.ts';
import type { Trouble } from './trouble.ts';
import { troublesOf } from './troubles.ts';
import { RECEIVER_ENV, WebhookReceiver } from './webhook-receiver.ts';

export interface FaultRunOptions {
  seconds: number;
  seed: number;
  pairs: number;
  /** Every fault once and in order, however long it takes; else random ones. */
  each: boolean;
  /** Only faults whose name has this text. */
  only: string;
  /** Full disks, instead of all other faults. */
  disks: boolean;
  /** Run on these engines of this machine, and apply faults to them too. Absent: on the embedded ones. */
  set?: EngineSet;
  /** Called when each fault begins and ends. */
  onProgress(line: string): void;
}

export interface FaultRunResult {
  violations: Violation[];
  messages: number;
  troubles: { name: string; times: number }[];
  /** From the end of the last fault until every device had everything, in ms. */
  settledMs: number;
  /** How long the webhook receiver was waited for then, in ms. */
  toldMs: number;
  /** The recorded events of the messages of the first violation. */
  story: string[];
}

/**
 * How long nothing may change until all has settled, and how long that may take. Redeliveries arrive within 10 s on the
 * engines of this machine, which restart one after the other, for minutes if it is busy.
 */
export const PATIENCE = {
  embedded: { quietMs: 2_500, withinMs: 90_000 },
  real: { quietMs: 20_000, withinMs: 180_000 },
};
/** The stream of which faults come when: the same for a seed, whatever the users meanwhile draw from theirs. */
export const FAULTS = 'faults';
export const LOOK_MS = 500;
/** How long a client takes at most to write down what it has shown. */
export const WRITE_DOWN_MS = 1_000;

/**
 * Runs users on a cluster of processes while faults come and go, then checks the recorded history and the final state.
 */
export async function runFaults(options: FaultRunOptions): Promise<FaultRunResult> {
  const { seed, pairs, set, disks, onProgress } = options;
  const dice = new Dice(seed);
  const history = new History(() => performance.now());
  onProgress('starting the cluster');
  await using stack = new AsyncDisposableStack();
  const cluster = await startCluster(stack, { connect: 3, business: 2, set });
  await using later = new AsyncDisposableStack();
  const noted = (text: string) => history.add({ type: 'noted', text });
  const receiver = stack.use(await WebhookReceiver.start(cluster, noted));
  using people = await People.invite(cluster, history, pairs, dice.stream('people'));
  const talking = people.talk();
  const known = troublesOf(cluster, { set, disks });
  const random = dice.stream(FAULTS);
  const { times } = await troubleIn(cluster, { ...options, history, random, known, later });
  await cluster.ready();
  people.stop();
  await talking;
  onProgress(`troubles are over; ${people.texts.length} messages were written; waiting until all has settled`);
  const calm = performance.now();
  await using engines = await cluster.engines();
  const patience = set === undefined ? PATIENCE.embedded : PATIENCE.real;
  const headOf = async (user: string) => (await engines.logs.page(inboxOf(user), 0, 1)).head;
  await settle(people, patience, headOf);
  const settledMs = performance.now() - calm;
  const outcome = await gatherOutcome(engines, people.users, people.texts);
  const devices = people.devices.map((device) => device.end());
  const told = await receiver.judge(directMessages(outcome));
  const violations = [
    ...checkHistory({ history, absences: [], outcome: { ...outcome, devices }, writeDownMs: WRITE_DOWN_MS }),
    ...told.violations,
  ];
  return {
    violations,
    messages: people.texts.length,
    troubles: times,
    settledMs,
    toldMs: told.waitedMs,
    story: storyOf(history, violations),
  };
}

/** A cluster of processes with a webhook receiver, on an installation of its own if a set of engines is named. */
export async function startCluster(
  stack: AsyncDisposableStack,
  { set, ...shape }: { connect: number; business: number; set: EngineSet | undefined },
): Promise<ProcessCluster> {
  const own =
    set === undefined
      ? {}
      : { installation: stack.use(await (await import('../real/installation.ts')).createInstallation(set)) };
  return stack.use(await ProcessCluster.start({ ...shape, env: RECEIVER_ENV, ...own }));
}

export function storyOf(history: History, violations: readonly Violation[]): string[] {
  if (violations.length === 0) return [];
  return history.about(violations[0]?.identities ?? []).map((record) => JSON.stringify(record));
}

interface Troubling extends FaultRunOptions {
  history: History;
  random: () => number;
  known: readonly Trouble[];
  later: AsyncDisposableStack;
}

/** Applies the faults, one after the other. `blind`: when there was no soft state, on the history's clock. */
export async function troubleIn(
  cluster: ProcessCluster,
  { seconds, each, only, history, random, known: all, later, onProgress }: Troubling,
): Promise<{ times: FaultRunResult['troubles']; blind: { from: number; to: number }[] }> {
  const known = all.filter(({ name }) => name.includes(only));
  if (known.length === 0) {
    throw new Error(`no fault has ${only} in its name; there are ${all.map(({ name }) => name).join('; ')}`);
  }
  const times = new Map<string, number>();
  const blind: { from: number; to: number }[] = [];
  const end = performance.now() + seconds * 1_000;
  const pick = (names: readonly string[]) => names[Math.floor(random() * names.length)] ?? '';
  for (let n = 0; each ? n < known.length : performance.now() < end; n++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000 + random() * 2_000));
    const trouble = known[each ? n : Math.floor(random() * known.length)] as Trouble;
    history.add({ type: 'noted', text: trouble.name });
    onProgress(trouble.name);
    const from = performance.now();
    const whom = await trouble.run(cluster, pick, later);
    onProgress(`over: ${whom}`);
    if (trouble.forgets === true) blind.push({ from, to: performance.now() });
    history.add({ type: 'noted', text: `${whom}: over` });
    times.set(trouble.name, (times.get(trouble.name) ?? 0) + 1);
  }
  return { times: [...times].map(([name, count]) => ({ name, times: count })), blind };
}

/** Waits until every device is at the head of its inbox, and the inboxes have not changed for a while. */
export async function settle(
  people: People,
  { quietMs, withinMs }: { quietMs: number; withinMs: number },
  headOf: (user: string) => Promise<number>,
): Promise<void> {
  const end = performance.now() + withinMs;
  let before = '';
  for (let quiet = 0; quiet < quietMs && performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const heads = new Map(await Promise.all(people.users.map(async (user) => [user, await headOf(user)] as const)));
    const stand = [...heads.values()].join();
    const isStill = stand === before && people.devices.every((device) => device.isSettled(heads.get(device.user) ?? 0));
    quiet = isStill ? quiet + LOOK_MS : 0;
    before = stand;
  }
}
