import type { History } from '../history.ts';
import { type Violation, violation } from '../violation.ts';

/** C1, C2: what an ack says was true when it was sent, where somebody looked. */
export function checkAcks(history: History): Violation[] {
  return history
    .of('acked')
    .filter(({ held }) => held === false)
    .map(({ level, identity, messageId }) =>
      level === 'queued'
        ? violation('C1', `${identity} was acked as queued (${messageId}) and the bus does not have it`, identity)
        : violation('C2', `${identity} was acked as stored (${messageId}) and not all of it is committed`, identity),
    );
}
