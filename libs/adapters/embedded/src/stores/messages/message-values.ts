import {
  decodeSteps,
  type EncodedMessage,
  encodeSteps,
  type MessageStatus,
  type MessageStep,
  type MessageValue,
  messageOf,
  type StoredMessage,
  statusOfRank,
  statusRank,
} from '@chasqui/domain';
import type { RaiseResult, StatusChange } from '@chasqui/ports';

// Messages are passed to the store worker and back as flat lists, which clone faster than objects.

type Values = readonly (string | number)[];

export interface PutFields {
  conversationId: string;
  messageId: string;
  from: string;
  audience: readonly string[];
  text: string;
  steps: string;
}
export const PUT_WIDTH = 6;

export function pushPut(
  into: (string | number)[],
  { message, text, steps }: EncodedMessage & { steps: MessageStep[] },
) {
  const { conversationId, messageId, from, audience } = message;
  into.push(conversationId, messageId, from, audience.join(','), text, encodeSteps(steps));
}

export function putOf(values: Values, offset: number): PutFields {
  let at = offset;
  const next = () => values[at++] as string;
  return {
    conversationId: next(),
    messageId: next(),
    from: next(),
    audience: next().split(','),
    text: next(),
    steps: next(),
  };
}

export interface ChangeFields {
  conversationId: string;
  messageId: string;
  member: string;
  /** See `statusRank`. */
  rank: number;
  steps: string;
}
export const CHANGE_WIDTH = 5;

export function pushChange(into: (string | number)[], change: StatusChange): void {
  const { conversationId, messageId, member, status, at, node, retries = 0, before = [] } = change;
  const steps = encodeSteps([{ state: status, at, node, retries }, ...before]);
  into.push(conversationId, messageId, member, statusRank(status), steps);
}

export function changeOf(values: Values, offset: number): ChangeFields {
  let at = offset;
  const next = () => values[at++] as never;
  return { conversationId: next(), messageId: next(), member: next(), rank: next(), steps: next() };
}

const RAISE_RESULTS = ['raised', 'same', 'further', 'missing'] as const satisfies RaiseResult[];

export function raiseCode(result: RaiseResult): number {
  return RAISE_RESULTS.indexOf(result);
}

export function raiseResult(code: number): RaiseResult {
  return RAISE_RESULTS[code] ?? 'missing';
}

/** A stored message, as the worker returns it. */
export interface StoredFields {
  text: string;
  audience: readonly string[];
  /** Repeated pairs: member, rank. */
  statuses: readonly (string | number)[];
  steps: string;
  revision: number;
  recalledAt: number | null;
}
export type StoredValues = [
  ...[text: string, audience: string, steps: string, revision: number, recalledAt: number | null],
  ...statuses: (string | number)[],
];

export function storedValues(fields: StoredFields): StoredValues {
  const { text, audience, statuses, steps, revision, recalledAt } = fields;
  return [text, audience.join(','), steps, revision, recalledAt, ...statuses];
}

export function storedMessage(values: StoredValues): StoredMessage {
  const [text, audience, steps, revision, recalledAt, ...ranks] = values;
  const statuses: { [member: string]: MessageStatus } = {};
  for (let i = 0; i < ranks.length; i += 2) statuses[ranks[i] as string] = statusOfRank(ranks[i + 1] as number);
  return {
    ...messageOf(JSON.parse(text) as MessageValue, audience.split(',')),
    statuses,
    revision,
    ...(recalledAt === null ? {} : { recalledAt }),
    // Decoded on demand: most readers never use the steps, which are half of the decoding work.
    get steps() {
      return decodeSteps(steps);
    },
  };
}
