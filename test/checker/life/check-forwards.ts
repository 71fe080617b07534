import type { StoredMessage } from '@chasqui/domain';
import { identityOf, type Submitted } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import type { LifeEvidence } from './evidence.ts';

type Forward = Submitted & Required<Pick<Submitted, 'forwardOf'>>;

/**
 * C25: a forward says what the other message said at a moment between its first sending and its storing, names the
 * origin of that one if it shall, and is of no message that its sender could not see, or had hidden before.
 */
export function checkForwards(evidence: LifeEvidence): Violation[] {
  const { history, messages } = evidence;
  const forwards = new Map(
    history.of('submitted').flatMap((one) => (one.forwardOf === undefined ? [] : [[one.identity, one as Forward]])),
  );
  const begun = new Map<string, number>();
  for (const { identity, at } of history.of('forwarded')) if (!begun.has(identity)) begun.set(identity, at);
  return messages.flatMap((message) => {
    const identity = identityOf(message.from, message.clientMessageId);
    const forward = forwards.get(identity);
    if (forward === undefined) {
      return message.forwarded === undefined
        ? []
        : [violation('C25', `${identity} is no forward, and names one`, identity)];
    }
    const fault = faultOf(evidence, message, forward, begun.get(identity) ?? 0);
    return fault === null
      ? []
      : [violation('C25', `${identity} forwards ${forward.forwardOf.messageId}, ${fault}`, identity)];
  });
}

function faultOf(
  { messages, lives, hidden, maySee }: LifeEvidence,
  { messageId, from }: StoredMessage,
  { forwardOf }: Forward,
  begun: number,
): string | null {
  const [life, source] = [lives.get(messageId), lives.get(forwardOf.messageId)];
  const original = messages.find((one) => one.messageId === forwardOf.messageId);
  const [first] = life?.versions ?? [];
  if (source === undefined || original === undefined || first === undefined) return 'which was never stored';
  if (!maySee(from, original, true)) return 'which its sender could never see';
  if ((hidden.get(`${from} ${forwardOf.messageId}`) ?? Number.POSITIVE_INFINITY) < begun)
    return 'which its sender had hidden';
  const said = source.versions.some(({ at, text }, index) => {
    const until = source.versions[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return text !== null && text === first.text && at <= first.at && until >= begun;
  });
  if (!said) {
    const versions = source.versions.map(({ at, text }) => `${text} from ${at}`).join(', ');
    return `which did not say ${first.text} from ${begun} to ${first.at}, but ${versions}`;
  }
  const [named, right] = [
    life?.forwarded,
    forwardOf.withOrigin === false ? undefined : (source.forwarded ?? source.origin),
  ];
  return JSON.stringify(named) === JSON.stringify(right) ? null : `and names ${JSON.stringify(named)} as its origin`;
}
