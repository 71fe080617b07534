import { setTimeout as pause } from 'node:timers/promises';
import { groupLog } from '@chasqui/domain';
import type { GroupEngines } from '../checker/groups/outcome.ts';
import { BLIND_MS, History, identityOf, judgeGroups, type LoggedMessage } from '../checker/index.ts';
import { Dice } from '../simulation/random.ts';
import { Crowd } from './crowd.ts';
import { GROUPS } from './group-calls.ts';
import {
  FAULTS,
  type FaultRunOptions,
  type FaultRunResult,
  LOOK_MS,
  PATIENCE,
  startCluster,
  storyOf,
  troubleIn,
  WRITE_DOWN_MS,
} from './run.ts';
import { troublesOf } from './troubles.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** How long a frame may wait in a socket of this machine while the answer to a call overtakes it. */
const SLACK_MS = 1_000;
const PAGE = 500;

/** Runs users in groups on a cluster of processes while faults come and go, then judges what each of them was sent. */
export async function runGroupFaults(options: FaultRunOptions): Promise<FaultRunResult> {
  const { seed, pairs, set, disks, onProgress } = options;
  const dice = new Dice(seed);
  const history = new History(() => performance.now());
  onProgress('starting the cluster');
  await using stack = new AsyncDisposableStack();
  const cluster = await startCluster(stack, { connect: 2, business: 2, set });
  await using later = new AsyncDisposableStack();
  const noted = (text: string) => history.add({ type: 'noted', text });
  const receiver = stack.use(await WebhookReceiver.start(cluster, noted));
  using crowd = await Crowd.invite(cluster, history, pairs, dice.stream('people'));
  const talking = crowd.talk();
  const known = troublesOf(cluster, { set, groups: true, disks });
  const random = dice.stream(FAULTS);
  const { times, blind } = await troubleIn(cluster, { ...options, history, random, known, later });
  await cluster.ready();
  crowd.stop();
  await talking;
  onProgress(`troubles are over; ${crowd.written} messages were written; waiting until all has settled`);
  const calm = performance.now();
  await using engines = await cluster.engines();
  const patience = set === undefined ? PATIENCE.embedded : PATIENCE.real;
  const rest = () => atRest(crowd, engines, patience);
  await rest();
  // A log-in tells each device the counts as they are.
  crowd.reopen();
  await rest();
  const settledMs = performance.now() - calm;
  await crowd.calls.complete(engines.groups);
  const { devices, frames: sent } = crowd;
  const told = await receiver.judge(await groupMessages(engines));
  const judged = await judgeGroups({
    ...{ history, sent, groups: GROUPS, devices, engines },
    ...{ writeDownMs: WRITE_DOWN_MS, slackMs: SLACK_MS, forwards: new Map() },
    blind: blind.map(({ from, to }) => ({ from, to: to + BLIND_MS })),
  });
  const violations = [...judged, ...told.violations];
  const story = storyOf(history, violations);
  return { violations, messages: crowd.written, troubles: times, settledMs, toldMs: told.waitedMs, story };
}

/** The messages of the groups, in the order of their logs. */
async function groupMessages({ logs, messages }: GroupEngines): Promise<LoggedMessage[]> {
  const logged: LoggedMessage[] = [];
  for (const conversationId of GROUPS) {
    for (let after = 0; ; ) {
      const { entries } = await logs.page(groupLog(conversationId), after, PAGE);
      const last = entries.at(-1);
      if (last === undefined) break;
      after = last.position;
      const own = entries.filter((entry) => entry.type === 'message');
      for (const [index, message] of (await messages.get(own)).entries()) {
        const { messageId, from, clientMessageId } = own[index] as (typeof own)[number];
        const text = message?.content.text ?? '';
        logged.push({ messageId, conversationId, identity: identityOf(from, clientMessageId), text });
      }
    }
  }
  return logged;
}

/** Resolves once every device has everything and nothing has changed for a while, or the time is over. */
async function atRest(
  crowd: Crowd,
  engines: Parameters<Crowd['restingPlace']>[0],
  { quietMs, withinMs }: { quietMs: number; withinMs: number },
): Promise<void> {
  const end = performance.now() + withinMs;
  let before: string | null = null;
  for (let quiet = 0; quiet < quietMs && performance.now() < end; ) {
    await pause(LOOK_MS);
    const place = await crowd.restingPlace(engines);
    quiet = place !== null && place === before ? quiet + LOOK_MS : 0;
    before = place;
  }
}
