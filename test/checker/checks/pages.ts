import type { History } from '../history.ts';
import type { Outcome } from '../outcome.ts';
import type { DeviceName, Page } from '../records.ts';
import { type Violation, violation } from '../violation.ts';

/** C10: positions are contiguous, in every page and in every inbox; every page says whether it is the last. */
export function checkPages(history: History, { inboxes }: Outcome): Violation[] {
  const faults = history.of('page').flatMap((page) => {
    const fault = faultOf(page);
    return fault === null ? [] : [violation('C10', `${page.device} got a page after ${page.after} ${fault}`)];
  });
  for (const { user, updates } of inboxes) {
    const odd = updates.find(({ position }, index) => position !== (updates[0]?.position ?? 1) + index);
    if (odd !== undefined) faults.push(violation('C10', `the inbox of ${user} has a gap before ${odd.position}`));
  }
  return faults;
}

function faultOf({ after, positions, position, caughtUp, reset }: Page): string | null {
  if (typeof caughtUp !== 'boolean') return 'that does not say whether it is the last';
  const first = reset ? (positions[0] ?? 1) : after + 1;
  if (positions.some((one, index) => one !== first + index)) return `with the positions ${positions.join(', ')}`;
  const end = positions.at(-1);
  if (end !== undefined && end !== position) return `that ends in ${end} and says ${position}`;
  if (end === undefined && !reset && position !== after) return `without updates that says ${position}`;
  return null;
}

/** C10: a device confirms only what it has: every message up to that position was shown, written on it, or hidden. */
export function checkConfirmations(history: History, { inboxes, devices, hidden }: Outcome): Violation[] {
  const faults: Violation[] = [];
  const users = new Map(devices.map(({ device, user }) => [device, user]));
  const had = new Set<string>();
  const checked = new Map<DeviceName, number>();
  for (const event of history.records) {
    if (event.type === 'shown' || event.type === 'submitted') had.add(`${event.device} ${event.identity}`);
    if (event.type !== 'confirmed') continue;
    const { device, position } = event;
    const from = checked.get(device) ?? 0;
    checked.set(device, Math.max(from, position));
    const updates = inboxes.find(({ user }) => user === users.get(device))?.updates ?? [];
    for (const update of updates) {
      if (update.position <= from || update.position > position || update.type !== 'message') continue;
      if (had.has(`${device} ${update.identity}`)) continue;
      if (hidden?.has(`${users.get(device)} ${update.messageId}`)) continue;
      const text = `${device} confirmed ${position} and had not shown ${update.identity} at ${update.position}`;
      faults.push(violation('C10', text, update.identity));
    }
  }
  return faults;
}

/** C10: in the end every device is at the head of its inbox. */
export function checkCaughtUp({ inboxes, devices }: Outcome): Violation[] {
  return devices.flatMap(({ device, user, position }) => {
    const head = inboxes.find((inbox) => inbox.user === user)?.updates.at(-1)?.position ?? 0;
    return position === head ? [] : [violation('C10', `${device} stands at ${position} of ${head}`)];
  });
}
