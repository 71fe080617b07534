import { type Absence, BLIND_MS, checkHistory, type History, judgeGroups, type Violation } from '../checker/index.ts';
import { BOT } from './bot.ts';
import type { Counts } from './counts.ts';
import { gatherMessages, gatherOutcome } from './gather.ts';
import { judgeLife } from './life/judge.ts';
import { heal, perform } from './perform.ts';
import type { Plan } from './plan.ts';
import { judgeReactions } from './reactions/judge.ts';
import { settle } from './settle.ts';
import { makeStage, type Stage } from './stage.ts';
import type { Breakage } from './world.ts';

export interface RunResult {
  plan: Plan;
  violations: Violation[];
  history: History;
  counts: Counts;
  /** The virtual time that passed, in ms. */
  virtualMs: number;
}

/** Longer than any lease, silence and timeout together: a user who was unreachable all that time counts as offline. */
const ABSENCE_MS = 45_000;
/** A client writes down what it has shown within `ackDelayMs`; its process may be late by one timer's turn. */
const WRITE_DOWN_MS = 6;

/** Runs a plan: its steps, then a time without faults, then everybody comes online, then the checker. */
export async function runPlan(plan: Plan, breakage: Breakage = {}): Promise<RunResult> {
  const stage = makeStage(plan, breakage);
  const { clock, history, counts } = stage.world;
  for (const device of stage.devices.values()) device.start();
  await clock.run(500);
  const begin = clock.monotonic();
  for (const step of plan.steps) {
    await clock.run(Math.max(0, begin + step.at - clock.monotonic()));
    perform(stage, step);
  }
  await clock.run(Math.max(0, begin + plan.lastsMs - clock.monotonic()));
  heal(stage);
  const absences = await absence(stage);
  await settle(stage);
  return { plan, violations: await judge(stage, absences), history, counts, virtualMs: clock.monotonic() };
}

/** The checker's violations on a stage that has settled. */
export async function judge(stage: Stage, absences: readonly Absence[] = []): Promise<Violation[]> {
  const { world, devices } = stage;
  const { history, engines } = world;
  const reacting = world.counts.get('reactions') > 0 ? await judgeReactions(stage) : [];
  const living = stage.life ? await judgeLife(stage) : [];
  const hidden = new Set(world.witness.hidden.keys());
  if (stage.groups.length > 0) {
    const inGroups = await judgeGroups({
      ...{ history, sent: world.sent, forwards: world.forwards, groups: stage.groups, devices: [...devices.values()] },
      ...{ engines: engines.set, writeDownMs: WRITE_DOWN_MS, slackMs: 0, blind: blindTimes(history), hidden },
    });
    return [...inGroups, ...reacting, ...living];
  }
  const users = [...new Set([...devices.values()].map(({ user }) => user)), BOT];
  const texts = [...history.of('submitted'), ...history.of('edited')].map(({ text }) => text);
  const outcome = {
    ...(await gatherOutcome(engines.set, users, texts)),
    devices: [...devices.values()].map((device) => device.end()),
    hidden,
  };
  return [...checkHistory({ history, absences, outcome, writeDownMs: WRITE_DOWN_MS }), ...reacting, ...living];
}

function blindTimes(history: History): { from: number; to: number }[] {
  return history.of('noted').flatMap(({ at, text }) => {
    if (!/ ms {2}(empty|outage machine=redis)/.test(text)) return [];
    return [{ from: at, to: at + Number(/forMs=(\d+)/.exec(text)?.[1] ?? 0) + BLIND_MS }];
  });
}

/**
 * Some users stay offline while there are no faults: their messages must be handled as offline (C9). Not checked if
 * presence was emptied and both a node and a Business process ended: no process may then know the node's users.
 */
async function absence({ world, devices }: Stage): Promise<Absence[]> {
  const users = new Set([...devices.values()].map(({ user }) => user));
  for (const device of devices.values()) if (device.isReachable) users.delete(device.user);
  if (users.size === 0 || isForgotten(world.counts)) return [];
  const before = new Set((await gatherMessages(world.engines.set)).map(({ messageId }) => messageId));
  await world.clock.run(ABSENCE_MS);
  const messages = (await gatherMessages(world.engines.set)).filter(({ messageId }) => before.has(messageId));
  return [{ until: world.clock.monotonic(), users: [...users], messages }];
}

function isForgotten(counts: Counts): boolean {
  return ['step empty', 'business deaths', 'connect deaths'].every((name) => counts.get(name) > 0);
}
