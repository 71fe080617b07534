import { type EventPublisher, recallBySystem } from '@chasqui/core';
import { type Clock, CONVERSATION_TOPIC, type StoredMessage } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { MessageStore } from '@chasqui/ports';

export interface PacedRecallsOptions {
  clock: Clock;
  messages: Pick<MessageStore, 'get'>;
  publisher: Pick<EventPublisher, 'publish'>;
  nodeId: string;
}

/** Recalls under way at a time, in all and of one conversation: a live message has no more of them ahead of it. */
const MAX_UNDER_WAY = 50;
const MAX_OF_CONVERSATION = 10;
/** How often recalls are looked for to be applied, and for how long. A later one is left to whoever looks again. */
const LOOK_MS = 100;
const WAIT_MS = 60_000;

/**
 * Recalls messages as the system, a few at a time: each time it waits until these are applied, so that no backlog of
 * recalls delays messages. `goOn` is asked while it waits. False: it said no. Errors: the signal's; `bus_unavailable`,
 * `store_unavailable`.
 */
export async function recallPaced(
  options: PacedRecallsOptions,
  messages: readonly StoredMessage[],
  { goOn, signal }: { goOn: () => Promise<boolean>; signal: AbortSignal },
): Promise<boolean> {
  const { clock } = options;
  for (let waiting = messages; waiting.length > 0; ) {
    const { now, later } = firstOf(waiting);
    waiting = later;
    await Promise.all(now.map((message) => publish(options, message)));
    const until = clock.monotonic() + WAIT_MS;
    for (let open = now; open.length > 0 && clock.monotonic() < until; open = await notRecalled(options, open)) {
      await sleep(clock, LOOK_MS, signal);
      if (!(await goOn())) return false;
    }
  }
  return true;
}

function firstOf(messages: readonly StoredMessage[]): { now: StoredMessage[]; later: StoredMessage[] } {
  const counts = new Map<string, number>();
  const [now, later]: [StoredMessage[], StoredMessage[]] = [[], []];
  for (const message of messages) {
    const count = counts.get(message.conversationId) ?? 0;
    if (now.length === MAX_UNDER_WAY || count === MAX_OF_CONVERSATION) later.push(message);
    else {
      counts.set(message.conversationId, count + 1);
      now.push(message);
    }
  }
  return { now, later };
}

async function publish({ publisher, clock, nodeId }: PacedRecallsOptions, message: StoredMessage): Promise<void> {
  const event = recallBySystem(message, { nodeId, at: clock.now() });
  await publisher.publish(CONVERSATION_TOPIC, message.conversationId, event);
}

async function notRecalled(
  { messages }: PacedRecallsOptions,
  recalled: readonly StoredMessage[],
): Promise<StoredMessage[]> {
  const found = await messages.get(recalled);
  return recalled.filter((_, place) => found[place] != null && found[place].recalledAt === undefined);
}
