import {
  decodePlaces,
  encodePlaces,
  type MessageToRecord,
  ownersOf,
  type Place,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';

/** A message that is to be recorded, as the store worker gets it. */
export interface Given {
  conversationId: string;
  from: string;
  messageId: string;
  clientMessageId: string;
  /** What is kept to tell another content from this one. */
  digest: string;
  /** Another digest of the same content; empty: there is none. */
  formerDigest: string;
  preview: string;
  sentAt: number;
  fromDevice: string;
  after?: string;
  audience: readonly string[];
}

type Values = readonly (string | number)[];

/** Messages and outcomes cross to the worker as flat lists: they clone faster than objects. */
export const RECORD_WIDTH = 11;

export function recordValues(message: MessageToRecord): Values {
  const { conversationId, from, messageId, clientMessageId, content, sentAt, fromDevice, after = '' } = message;
  const [digest, formerDigest = ''] = message.digests;
  return [
    ...[conversationId, from, messageId, clientMessageId, digest, formerDigest, previewOf(content), sentAt],
    ...[fromDevice, after, message.audience.join(',')],
  ];
}

export function givenOf(values: Values, offset: number): Given {
  const [
    conversationId,
    from,
    messageId,
    clientMessageId,
    digest,
    formerDigest,
    preview,
    sentAt,
    fromDevice,
    after,
    logs,
  ] = values.slice(offset, offset + RECORD_WIDTH) as [
    ...[string, string, string, string, string, string, string, number, string, string, string],
  ];
  return {
    conversationId,
    from,
    messageId,
    clientMessageId,
    digest,
    formerDigest,
    preview,
    sentAt,
    fromDevice,
    ...(after === '' ? {} : { after }),
    audience: logs.split(','),
  };
}

/** One user's counts: see `UnreadState`. */
export interface Counted {
  count: number;
  total: number;
  head: number;
}

/** What became of a message, as the store worker says it. A conflict has no places. */
export interface Outcome {
  result: 'recorded' | 'duplicate' | 'conflict';
  messageId: string;
  places: readonly Place[];
  /** Of `countedIn` the places, in that order. */
  counts: readonly Counted[];
}

const RESULTS = ['recorded', 'duplicate', 'conflict'] as const;

/** Those whose counts are told: whoever has it in their inbox, but its sender. */
export function countedIn(places: readonly Place[], from: UserId): UserId[] {
  return ownersOf(places.map(({ log }) => log)).filter((userId) => userId !== from);
}

export function pushOutcome(into: (string | number)[], { result, messageId, places, counts }: Outcome): void {
  into.push(RESULTS.indexOf(result), messageId, encodePlaces(places));
  for (const { count, total, head } of counts) into.push(count, total, head);
}

/** The outcomes of the messages, in their order. */
export function outcomesOf(messages: readonly MessageToRecord[], values: Values): RecordOutcome[] {
  let at = 0;
  const next = () => values[at++] as never;
  return messages.map(({ from, conversationId }) => {
    const result = RESULTS[next() as number] ?? 'conflict';
    const messageId: string = next();
    const places = decodePlaces(next());
    if (result === 'conflict') return { result, messageId };
    const unread = countedIn(places, from).map((userId) => ({
      userId,
      conversationId,
      count: next() as number,
      total: next() as number,
      position: next() as number,
    }));
    return { result, messageId, places, unread };
  });
}
