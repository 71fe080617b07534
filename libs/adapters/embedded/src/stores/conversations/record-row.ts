import {
  attachmentIdsOf,
  decodePlaces,
  encodePlaces,
  type MessageToRecord,
  ownersOf,
  type Place,
  type PostRefusal,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';

/** A message to be recorded, as the store worker receives it. */
export interface Given {
  conversationId: string;
  from: string;
  messageId: string;
  clientMessageId: string;
  /** Distinguishes other content from this one. */
  digest: string;
  /** Another digest of the same content; empty: there is none. */
  formerDigest: string;
  preview: string;
  sentAt: number;
  fromDevice: string;
  /** Empty: none. */
  after: string;
  audience: readonly string[];
  /** Users who are mentioned, separated by commas; MENTIONS_ALL: all; empty: none. */
  mentions: string;
  isImported: boolean;
  /** The ids of attachments. */
  attachments: readonly string[];
}

/** No user has this id. */
export const MENTIONS_ALL = '*';

type Values = readonly (string | number)[];

/** Messages and outcomes are passed to the worker as flat lists: they clone faster than objects. */
export const RECORD_WIDTH = 14;

export function pushRecord(into: (string | number)[], message: MessageToRecord): void {
  const { conversationId, from, messageId, clientMessageId, content, sentAt, fromDevice, after = '' } = message;
  const [digest, formerDigest = ''] = message.digests;
  into.push(conversationId, from, messageId, clientMessageId, digest, formerDigest);
  into.push(previewOf(content), sentAt, fromDevice, after, message.audience.join(','), mentionsOf(message));
  into.push(message.isImported ? 1 : 0, content.attachments === undefined ? '' : attachmentIdsOf(content).join(','));
}

function mentionsOf({ mentions = [] }: MessageToRecord): string {
  return mentions === 'all' ? MENTIONS_ALL : mentions.join(',');
}

export function givenOf(values: Values, offset: number): Given {
  let at = offset;
  const next = () => values[at++] as never;
  return {
    conversationId: next(),
    from: next(),
    messageId: next(),
    clientMessageId: next(),
    digest: next(),
    formerDigest: next(),
    preview: next(),
    sentAt: next(),
    fromDevice: next(),
    after: next(),
    audience: (next() as string).split(','),
    mentions: next(),
    isImported: next() === 1,
    attachments: idsIn(next()),
  };
}

function idsIn(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

/** One user's counts: see `UnreadState`. */
export interface Counted {
  count: number;
  total: number;
  head: number;
}

/** The outcome of a message, as the store worker reports it. */
export type Outcome =
  | { result: 'conflict' | 'out_of_order'; messageId: string }
  | { result: 'refused'; reason: PostRefusal; messageId: string }
  | {
      result: 'recorded' | 'duplicate';
      messageId: string;
      places: readonly Place[];
      /** The counts of the `countedIn` users, in that order. */
      counts: readonly Counted[];
    };

const RESULTS = ['recorded', 'duplicate', 'conflict', 'refused', 'out_of_order'] as const;

/** The users whose counts are reported: those with the message in their inbox, except its sender. */
export function countedIn(places: readonly Place[], from: UserId): UserId[] {
  return ownersOf(places.map(({ log }) => log)).filter((userId) => userId !== from);
}

/** The logs of a new message are those in its request, so only their positions are sent. */
export function pushOutcome(into: (string | number)[], outcome: Outcome): void {
  into.push(RESULTS.indexOf(outcome.result), outcome.messageId);
  if (outcome.result === 'refused') into.push(outcome.reason);
  if (!('places' in outcome)) return;
  if (outcome.result === 'duplicate') into.push(encodePlaces(outcome.places));
  else for (const { position } of outcome.places) into.push(position);
  for (const { count, total, head } of outcome.counts) into.push(count, total, head);
}

/** The outcomes of the messages, in their order. */
export function outcomesOf(messages: readonly MessageToRecord[], values: Values): RecordOutcome[] {
  let at = 0;
  const next = () => values[at++] as never;
  return messages.map(({ from, conversationId, audience }) => {
    const result = RESULTS[next() as number] ?? 'conflict';
    const messageId: string = next();
    if (result === 'conflict' || result === 'out_of_order') return { result, messageId };
    if (result === 'refused') return { result, messageId, reason: next() };
    const places =
      result === 'duplicate' ? decodePlaces(next()) : audience.map((log) => ({ log, position: next() as number }));
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
