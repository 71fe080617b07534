import type { History } from '../history.ts';
import type { Absence, Outcome } from '../outcome.ts';
import { type Violation, violation } from '../violation.ts';

/**
 * C9: a message to a user who was unreachable for long, and that none of their devices has shown, is at least unread:
 * its sender was told, and a push task was made.
 */
export function checkAbsence(history: History, absences: readonly Absence[]): Violation[] {
  return absences.flatMap(({ until, users, messages }) => {
    const shown = new Set(
      history
        .of('shown')
        .filter(({ at }) => at <= until)
        .map(({ device, identity }) => `${device.slice(0, device.indexOf('/'))} ${identity}`),
    );
    return messages
      .filter(
        ({ to, status, identity }) => status === 'stored' && users.includes(to) && !shown.has(`${to} ${identity}`),
      )
      .map(({ identity, to }) =>
        violation('C9', `${to} was unreachable for long and ${identity} is not handled as offline`, identity),
      );
  });
}

/** C9: with everybody online and all settled, every message is known to have reached some device. */
export function checkNobodyWaits({ messages }: Outcome): Violation[] {
  return messages
    .filter(({ status }) => status === 'stored' || status === 'unread')
    .map(({ identity, to, status }) =>
      violation('C9', `${to} is online, all has settled, and ${identity} is still ${status}`, identity),
    );
}
