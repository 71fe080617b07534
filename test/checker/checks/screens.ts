import { groupBy, type History } from '../history.ts';
import type { Outcome } from '../outcome.ts';
import type { DeviceName, Identity, Retracted, Shown } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import { isRefusedForward } from './resent-forwards.ts';

/** The sender and device of each message: a device does not receive its own messages as news. */
function writers(history: History): Map<Identity, DeviceName> {
  return new Map(history.of('submitted').map(({ identity, device }) => [identity, device]));
}

/**
 * C6: each device shows each message exactly once. A repeat is allowed after a retract, and in a later run of a program
 * that was killed within `writeDownMs` of showing the message, because it had no time to write that down.
 */
export function checkShownOnce(history: History, writeDownMs: number): Violation[] {
  const faults: Violation[] = [];
  const byWriter = writers(history);
  const isUnwritten = unwritten(history, writeDownMs);
  const shows = history.records.filter(
    (record): record is (Shown | Retracted) & { at: number } => record.type === 'shown' || record.type === 'retracted',
  );
  for (const [, events] of groupBy(shows, ({ device, identity }) => `${device} ${identity}`)) {
    let last: (Shown & { at: number }) | null = null;
    for (const event of events) {
      const { device, identity } = event;
      if (event.type === 'retracted') {
        last = null;
        continue;
      }
      if (byWriter.get(identity) === device && !isRefusedForward(history, identity)) {
        faults.push(violation('C6', `${device} shows its own ${identity} as if it had come from elsewhere`, identity));
      }
      if (last !== null && (last.run === event.run || !isUnwritten(last))) {
        faults.push(violation('C6', `${device} shows ${identity} again (at ${last.at} and at ${event.at})`, identity));
      }
      last = event;
    }
  }
  return faults;
}

/** Whether the program was killed before it could write down the event. */
type IsUnwritten = (event: (Shown | Retracted) & { at: number }) => boolean;

function unwritten(history: History, writeDownMs: number): IsUnwritten {
  const kills = groupBy(history.of('killed'), ({ device, run }) => `${device} ${run}`);
  return ({ device, run, at }) => {
    const kill = kills.get(`${device} ${run}`)?.[0];
    return kill !== undefined && (kill.ranUntil ?? kill.at) - at <= writeDownMs;
  };
}

/**
 * C6: every device has shown every message of its user's inbox that it did not write itself and its user has not
 * hidden; no screen has one twice. A
 * program that was killed just after a retract may still count the message as shown when it runs again, and display it
 * without reporting it as new.
 */
export function checkScreens(history: History, outcome: Outcome, writeDownMs: number): Violation[] {
  const faults: Violation[] = [];
  const byWriter = writers(history);
  const isUnwritten = unwritten(history, writeDownMs);
  const onScreen = new Set<string>();
  for (const event of history.records) {
    if (event.type === 'shown') onScreen.add(`${event.device} ${event.identity}`);
    if (event.type === 'retracted' && !isUnwritten(event)) onScreen.delete(`${event.device} ${event.identity}`);
  }
  for (const { device, user } of outcome.devices) {
    for (const update of outcome.inboxes.find((inbox) => inbox.user === user)?.updates ?? []) {
      if (update.type !== 'message' || byWriter.get(update.identity) === device) continue;
      if (onScreen.has(`${device} ${update.identity}`)) continue;
      if (outcome.hidden?.has(`${user} ${update.messageId}`)) continue;
      faults.push(violation('C6', `${device} has never shown ${update.identity}`, update.identity));
    }
  }
  for (const { device, conversationId, items, at } of history.of('viewed')) {
    for (const [identity, same] of groupBy(items, (item) => item.identity)) {
      if (same.length === 1) continue;
      const text = `${device}'s view of ${conversationId} at ${at} has ${identity} ${same.length} times`;
      faults.push(violation('C6', text, identity));
    }
  }
  return [...faults, ...checkFinalScreens(outcome)];
}

/** The final screens equal history, under the same ids, with nothing provisional. */
function checkFinalScreens({ devices, messages }: Outcome): Violation[] {
  const faults: Violation[] = [];
  const ids = new Map(messages.map(({ identity, messageId }) => [identity, messageId]));
  for (const { device, views } of devices) {
    for (const { identity, messageId, provisional, state } of views.flatMap(({ items }) => items)) {
      if (state === 'failed') continue;
      const kept = ids.get(identity);
      const where = `${device} shows ${identity}`;
      if (provisional) faults.push(violation('C6', `${where} as provisional in the end`, identity));
      else if (kept === undefined) faults.push(violation('C6', `${where}, which history does not have`, identity));
      else if (kept !== messageId)
        faults.push(violation('C6', `${where} as ${messageId}, history has ${kept}`, identity));
    }
  }
  return faults;
}
