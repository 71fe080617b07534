import { BUSINESS_GROUP } from '@chasqui/app-business/core';
import { DATASYNC_GROUP } from '@chasqui/app-datasync/core';
import { CONVERSATION_TOPIC, SEARCH_TOPIC } from '@chasqui/domain';
import { type Absence, checkHistory, History, type Violation } from '../checker/index.ts';
import { BOT } from './bot.ts';
import { Counts } from './counts.ts';
import { Device } from './device.ts';
import { gatherMessages, gatherOutcome } from './gather.ts';
import { heal, perform, type Stage, URLS } from './perform.ts';
import { Place } from './place.ts';
import { BUSINESS_PLACES, CONNECT_PLACES, DATASYNC_PLACES, type Plan } from './plan.ts';
import { startBusiness, startConnect, startDataSync, unreadApi } from './servers.ts';
import { VirtualClock } from './virtual-clock.ts';
import { type Breakage, World } from './world.ts';

export interface RunResult {
  plan: Plan;
  violations: Violation[];
  history: History;
  counts: Counts;
  /** How much virtual time passed, in ms. */
  virtualMs: number;
}

/** Longer than any lease, silence and timeout together: whoever was unreachable all that time counts as offline. */
const ABSENCE_MS = 45_000;
/** The time in which everything settles once all faults have ended and everybody is online. */
const SETTLE_MS = 240_000;
const UNREAD_CACHE_MS = 61_000;
/** All must stand still for this long. */
const STILL_MS = 5_000;
/** A client writes down what it has shown within `ackDelayMs`; its process may be late by a timer's turn. */
const WRITE_DOWN_MS = 6;

/** Runs a plan to its end: its steps, then a time without faults, then everybody comes online, then the checker judges. */
export async function runPlan(plan: Plan, breakage: Breakage = {}): Promise<RunResult> {
  const clock = new VirtualClock();
  const history = new History(() => Math.round(clock.monotonic()));
  const counts = new Counts();
  const world = new World(plan.seed, { clock, history, counts, breakage });
  const stage = setUp(plan, world);
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
  for (const device of stage.devices.values()) {
    device.thaw();
    device.plug();
    device.start();
  }
  history.add({ type: 'noted', text: 'everybody is online' });
  await settle(stage);
  // What the unread cache missed while it was away misleads for a minute at most.
  if (counts.get('step count') > 0) await clock.run(UNREAD_CACHE_MS);
  const users = [...plan.users.map(({ user }) => user), BOT];
  const texts = history.of('submitted').map(({ text }) => text);
  const outcome = {
    ...(await gatherOutcome(world.engines.set, users, texts)),
    devices: [...stage.devices.values()].map((device) => device.end()),
  };
  const violations = checkHistory({ history, absences, outcome, writeDownMs: WRITE_DOWN_MS });
  return { plan, violations, history, counts, virtualMs: clock.monotonic() };
}

function setUp({ users }: Plan, world: World): Stage {
  const places = new Map<string, Place>();
  for (const name of CONNECT_PLACES) places.set(name, new Place(name, world, startConnect));
  for (const name of BUSINESS_PLACES) places.set(name, new Place(name, world, startBusiness));
  for (const name of DATASYNC_PLACES) places.set(name, new Place(name, world, startDataSync));
  const devices = new Map<string, Device>();
  for (const { user, devices: ids } of users) {
    for (const deviceId of ids) {
      const device = new Device({ world, user, deviceId, urls: URLS });
      devices.set(device.name, device);
    }
  }
  return { world, places, devices, api: unreadApi(world), written: 0 };
}

/**
 * Some users stay away while nothing fails: their messages are to be handled as offline (C9). Nothing is asked where Redis
 * was emptied: who was on a node that dies right then is known to nobody, until they come back.
 */
async function absence({ world, devices }: Stage): Promise<Absence[]> {
  const users = new Set([...devices.values()].map(({ user }) => user));
  for (const device of devices.values()) if (device.isReachable) users.delete(device.user);
  if (users.size === 0 || world.counts.get('step empty') > 0) return [];
  const before = new Set((await gatherMessages(world.engines.set)).map(({ messageId }) => messageId));
  await world.clock.run(ABSENCE_MS);
  const messages = (await gatherMessages(world.engines.set)).filter(({ messageId }) => before.has(messageId));
  return [{ until: world.clock.monotonic(), users: [...users], messages }];
}

async function settle(stage: Stage): Promise<void> {
  const { clock } = stage.world;
  const deadline = clock.monotonic() + SETTLE_MS;
  let stillMs = 0;
  while (clock.monotonic() < deadline && stillMs < STILL_MS) {
    await clock.run(500);
    stillMs = (await isStill(stage)) ? stillMs + 500 : 0;
  }
}

/** The bus is empty, and every device has all of its inbox and nothing left to send. */
async function isStill({ world, devices }: Stage): Promise<boolean> {
  const { bus, inboxes } = world.engines.set;
  const lags = [await bus.lag(CONVERSATION_TOPIC, BUSINESS_GROUP), await bus.lag(SEARCH_TOPIC, DATASYNC_GROUP)];
  if (lags.some((shards) => shards.length > 0)) return false;
  for (const device of devices.values()) {
    const { head } = await inboxes.page(device.user, 0, 1);
    if (!device.isSettled(head)) return false;
  }
  return true;
}
