import type { Absence, Outcome } from '../outcome.ts';
import { type Violation, violation } from '../violation.ts';

/** C9: a message to someone who was unreachable for long is unread at least, so its sender was told and push was asked. */
export function checkAbsence(absences: readonly Absence[]): Violation[] {
  return absences.flatMap(({ users, messages }) =>
    messages
      .filter(({ to, status }) => status === 'stored' && users.includes(to))
      .map(({ identity, to }) =>
        violation('C9', `${to} was unreachable for long and ${identity} is not handled as offline`, identity),
      ),
  );
}

/** C9: with everybody online and all settled, no message is left that no device is known to have. */
export function checkNobodyWaits({ messages }: Outcome): Violation[] {
  return messages
    .filter(({ status }) => status === 'stored' || status === 'unread')
    .map(({ identity, to, status }) =>
      violation('C9', `${to} is online, all has settled, and ${identity} is still ${status}`, identity),
    );
}
