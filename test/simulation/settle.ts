import {
  BUSINESS_GROUP,
  CONVERSATION_TOPIC,
  DATASYNC_GROUP,
  groupLog,
  inboxOf,
  isCurrent,
  SEARCH_TOPIC,
} from '@chasqui/domain';
import type { Stage } from './stage.ts';

/** The time in which everything settles once all faults have ended and everybody is online. */
const SETTLE_MS = 240_000;
/** How long a forward that is sent again may wait for its first copy, which may be on its way (record 55). */
const FIRST_COPY_MS = 610_000;
/** The cluster must be at rest for this long. */
const STILL_MS = 5_000;
/** How long the unread cache may serve stale counts after an outage of its own. */
const UNREAD_CACHE_MS = 61_000;

/** The time after which a device at the latest asks which of its user's groups have news. */
const GROUP_LIST_MS = 61_000;

/** Brings everybody online and advances time until nothing changes any more. */
export async function settle(stage: Stage): Promise<void> {
  const { clock, history, counts } = stage.world;
  for (const device of stage.devices.values()) {
    device.thaw();
    device.plug();
    device.start();
  }
  history.add({ type: 'noted', text: 'everybody is online' });
  const deadline = clock.monotonic() + SETTLE_MS + (stage.life ? FIRST_COPY_MS : 0);
  await rest(stage, deadline);
  if (stage.groups.length > 0) {
    await clock.run(GROUP_LIST_MS);
    // A frame of a process that was slow may have come meanwhile.
    await rest(stage, deadline);
  }
  if (counts.get('step count') > 0) await clock.run(UNREAD_CACHE_MS);
}

/** Advances time until the cluster has been at rest for a while. */
async function rest(stage: Stage, deadline: number): Promise<void> {
  const { clock } = stage.world;
  for (let stillMs = 0; clock.monotonic() < deadline && stillMs < STILL_MS; ) {
    await clock.run(500);
    stillMs = (await isStill(stage)) ? stillMs + 500 : 0;
  }
}

/** The bus has no backlog, and every device has all of its inbox and nothing left to send. */
async function isStill({ world, devices, groups, waiting }: Stage): Promise<boolean> {
  if (waiting > 0) return false;
  const engines = world.engines.set;
  const { bus, logs } = engines;
  const lags = [await bus.lag(CONVERSATION_TOPIC, BUSINESS_GROUP), await bus.lag(SEARCH_TOPIC, DATASYNC_GROUP)];
  if (lags.some((shards) => shards.length > 0)) return false;
  for (const device of devices.values()) {
    const { head } = await logs.page(inboxOf(device.user), 0, 1);
    if (!device.isSettled(head)) return false;
  }
  for (const group of groups) {
    const { head } = await logs.page(groupLog(group), 0, 1);
    const keys = [...devices.values()].map(({ user }) => ({ conversationId: group, userId: user }));
    const members = await engines.groups.members(keys);
    const behind = [...devices.values()].filter((device) => device.positionIn(group) < head);
    if (behind.some(({ user }) => members.some((member) => isCurrent(member) && member.userId === user))) return false;
  }
  return true;
}
