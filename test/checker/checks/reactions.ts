import type { ShownReactions } from '@chasqui/client';
import type { MessageKey, ReactionStore } from '@chasqui/ports';
import type { DeviceName } from '../records.ts';
import { type Violation, violation } from '../violation.ts';

/** A message on a screen, with its reactions. */
export interface ReactedTo extends MessageKey {
  reactions: ShownReactions | undefined;
}

/** What a device shows that is not recalled, and of which it has got every update. */
export interface ReactingDevice {
  device: DeviceName;
  user: string;
  shown: readonly ReactedTo[];
}

/**
 * C24, in a cluster at rest: the counts of each message are those of the users who reacted, and every device shows these
 * and what is its user's own.
 */
export async function checkReactions(
  store: Pick<ReactionStore, 'seen' | 'reactors'>,
  devices: readonly ReactingDevice[],
  recalled: readonly MessageKey[],
): Promise<Violation[]> {
  const faults: Violation[] = [];
  const keys = new Map(devices.flatMap(({ shown }) => shown.map((key) => [key.messageId, key])));
  const kept = new Map<string, string>();
  for (const key of keys.values()) {
    const { reactors } = await store.reactors(key, { limit: 1_000 });
    kept.set(key.messageId, told(reactors.flatMap(({ userId, emojis }) => emojis.map((emoji) => [emoji, userId]))));
  }
  for (const { device, user, shown } of devices) {
    const seen = await store.seen(user, shown);
    for (const [index, { messageId, reactions }] of shown.entries()) {
      const rows = kept.get(messageId) ?? '';
      const counts = toldCounts(seen[index]?.counts ?? []);
      if (counts !== rows) faults.push(violation('C24', `${messageId} has ${rows}, and ${counts} are counted`));
      const own =
        seen[index]?.counts.map((one) => ({ ...one, mine: seen[index]?.mine.includes(one.emoji) === true })) ?? [];
      const [expected, found] = [toldMine(own), toldMine(reactions?.counts ?? [])];
      if (found !== expected)
        faults.push(violation('C24', `${device} shows ${found} at ${messageId}, not ${expected}`));
    }
  }
  const left = await store.seen('', recalled);
  for (const [index, { messageId }] of recalled.entries()) {
    if (left[index] != null) faults.push(violation('C24', `${messageId} was recalled and has reactions`));
  }
  return faults;
}

function told(pairs: readonly (readonly string[])[]): string {
  const counts = Map.groupBy(pairs, ([emoji = '']) => emoji);
  return toldCounts([...counts].map(([emoji, users]) => ({ emoji, count: users.length })));
}

function toldCounts(counts: readonly { emoji: string; count: number }[]): string {
  return counts
    .map(({ emoji, count }) => `${emoji}${count}`)
    .toSorted()
    .join(' ');
}

function toldMine(counts: ShownReactions['counts']): string {
  return counts
    .map(({ emoji, count, mine }) => `${emoji}${count}${mine ? '*' : ''}`)
    .toSorted()
    .join(' ');
}
