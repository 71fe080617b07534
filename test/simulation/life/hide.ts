import { ImError, type MessageId, type UserId } from '@chasqui/domain';
import type { EntryKey } from '@chasqui/ports';
import type { Stage } from '../stage.ts';
import { untilAnswered } from '../until-answered.ts';

/** A user hides a message from themselves, and asks again until there is a final answer. */
export async function hide(stage: Stage, key: EntryKey & { userId: UserId }, messageId: MessageId): Promise<void> {
  const { world } = stage;
  const { history, clock, counts } = world;
  stage.waiting++;
  const answer = await untilAnswered(clock, () => {
    const api = world.messageApi;
    return api && { process: api.process, call: () => api.hide(key, [messageId]) };
  });
  stage.waiting--;
  if (answer instanceof ImError) counts.add(`hides refused: ${answer.code}`);
  else {
    history.add({ type: 'hid', user: key.userId, messageId });
    counts.add('hides');
  }
}
