import { isRead, type ReadMark } from './conversation/marks.ts';
import type { MessageStep, StoredMessage } from './message.ts';
import type { PushOutcome } from './push-outcome.ts';

/**
 * The states of a message's trace (design, section 3), those of the live way first. A message takes both ways at once,
 * so their times may interleave.
 */
export const TRACE_STATES = [
  'sending',
  'dispatching',
  'queued',
  'storing',
  'stored',
  'pushed_live',
  'offline',
  'indexed',
  'push_sent',
  'awaiting_sync',
  'syncing',
  'awaiting_confirmation',
  'synced',
  'delivered',
  'read',
  'edited',
  'recalled',
] as const;
export type TraceState = (typeof TRACE_STATES)[number];

/** One state of a message's trace, with its time and node. */
export interface TraceStep extends Omit<MessageStep, 'state'> {
  state: TraceState;
}

const RANK = new Map(TRACE_STATES.map((state, index) => [state, index]));

/**
 * The full trace of a stored message, each state at most once, in chronological order: the stored steps, the states
 * that follow from them, the first notification that a provider accepted, and *read* according to the addressees'
 * marks.
 */
export function traceOf(
  message: StoredMessage,
  outcomes: readonly PushOutcome[],
  marks: readonly ReadMark[] = [],
): TraceStep[] {
  const noted: TraceStep[] = message.steps.map((step) => ({
    ...step,
    state: step.state === 'unread' ? 'offline' : step.state,
  }));
  const has = new Map(noted.map((step) => [step.state, step]));
  const add = (step: TraceStep | undefined) => {
    if (step === undefined || has.has(step.state)) return;
    has.set(step.state, step);
    noted.push(step);
  };
  const accepting = has.get('queued')?.node ?? '';
  add({ state: 'sending', at: message.sentAt, node: accepting });
  add({ state: 'dispatching', at: message.sentAt, node: accepting });
  add(later('stored', has.get('storing')));
  add(pushSent(outcomes));
  for (const mark of marks) if (isRead(message, mark)) add({ state: 'read', at: mark.at, node: mark.node });
  if (has.has('offline')) add(awaitingSync(has));
  return noted.sort((a, b) => a.at - b.at || (RANK.get(a.state) ?? 0) - (RANK.get(b.state) ?? 0));
}

/** A state that began at the time of another one, as far as is known. */
function later(state: TraceState, since: TraceStep | undefined): TraceStep | undefined {
  return since === undefined ? undefined : { state, at: since.at, node: since.node };
}

function pushSent(outcomes: readonly PushOutcome[]): TraceStep | undefined {
  const [first] = outcomes.filter(({ result }) => result === 'accepted').sort((a, b) => a.at - b.at);
  if (first === undefined) return undefined;
  const retries = first.attempts - 1;
  return { state: 'push_sent', at: first.at, node: first.node, ...(retries > 0 ? { retries } : {}) };
}

/** The time from which everything was done that can be done for an offline user. */
function awaitingSync(has: ReadonlyMap<TraceState, TraceStep>): TraceStep | undefined {
  const back = has.get('syncing') ?? has.get('synced') ?? has.get('delivered') ?? has.get('read');
  const push = has.get('push_sent');
  const last = push !== undefined && push.at <= (back?.at ?? Number.POSITIVE_INFINITY) ? push : undefined;
  return later('awaiting_sync', last ?? has.get('indexed') ?? has.get('offline'));
}
