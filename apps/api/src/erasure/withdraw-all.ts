import { EventPublisher, withdrawReactions } from '@chasqui/core';
import { CONVERSATION_TOPIC, ImError, type UserId } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { ApiContext } from '../context.ts';
import type { StepGuard } from './erase-person.ts';

type ReactionsContext = Pick<ApiContext, 'bus' | 'reactions' | 'clock' | 'limits' | 'nodeId'>;

/** Messages whose reactions are taken back together. */
const PAGE = 200;
/** How long they are looked for to be gone, and how often, in ms. */
const WAIT_MS = 8_000;
const LOOK_MS = 20;

/**
 * Takes back all that a user has reacted with, so that counts stay exact and everybody who has the messages learns of it.
 * May be repeated. Errors: `deadline_exceeded`, `bus_unavailable`, `store_unavailable`.
 */
export async function withdrawAll(context: ReactionsContext, userId: UserId, goOn: StepGuard): Promise<void> {
  const { reactions, clock, nodeId } = context;
  const publisher = new EventPublisher(context);
  for (;;) {
    await goOn();
    const own = await reactions.of(userId, { limit: PAGE });
    if (own.length === 0) return;
    const how = { nodeId, at: clock.now() };
    await Promise.all(
      own.map((one) => publisher.publish(CONVERSATION_TOPIC, one.conversationId, withdrawReactions(one, userId, how))),
    );
    const until = clock.monotonic() + WAIT_MS;
    while (await isLeft(context, userId, own)) {
      if (clock.monotonic() > until) throw new ImError('deadline_exceeded', 'not every reaction is taken back yet');
      await sleep(clock, LOOK_MS);
    }
  }
}

/** The first ones come first again, as long as they are there. */
async function isLeft(
  { reactions }: ReactionsContext,
  userId: UserId,
  own: readonly { messageId: string }[],
): Promise<boolean> {
  const ids = new Set(own.map(({ messageId }) => messageId));
  const found = await reactions.of(userId, { limit: PAGE });
  return found.some(({ messageId }) => ids.has(messageId));
}
