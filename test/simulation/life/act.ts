import type { ConversationName } from '@chasqui/client';
import { type ConversationId, ImError, type MessageId, type UserId } from '@chasqui/domain';
import { type Identity, identityOf } from '../../checker/index.ts';
import type { Device } from '../device.ts';
import type { World } from '../world.ts';

/** A stored message that a user does something with. */
interface FoundMessage {
  conversationId: ConversationId;
  messageId: MessageId;
  identity: Identity;
  text: string;
}

/** The last message but `back` that a device shows in a conversation, if it has its id and is not recalled. */
export function messageAt(
  { running }: Device,
  conversation: ConversationName,
  back: number,
  mine = false,
): FoundMessage | null {
  const there = running?.conversation(conversation).messages.filter((message) => message.mine || !mine);
  const found = there?.at(-1 - back);
  if (found === undefined) return null;
  const { conversationId, messageId, recalledAt, content, from, clientMessageId } = found;
  if (conversationId === '' || messageId === '' || recalledAt !== undefined) return null;
  return { conversationId, messageId, identity: identityOf(from, clientMessageId), text: content.text ?? '' };
}

/** A user edits their last message but `back` in a conversation. False: there is none, or the program does not run. */
export function edit(
  { history }: World,
  device: Device,
  conversation: ConversationName,
  { back, text, mentions }: { back: number; text: string; mentions?: readonly UserId[] },
): boolean {
  const found = messageAt(device, conversation, back, true);
  if (device.running === null || found === null) return false;
  const { messageId, identity } = found;
  const about = { device: device.name, messageId, text };
  history.add({ type: 'edited', identity, ...about });
  device.running.edit(conversation, messageId, { text }, mentions).then(
    () => history.add({ type: 'edit_answered', ...about, refusal: null }),
    (error: unknown) => {
      if (!(error instanceof ImError) || error.retry !== 'never') return;
      history.add({ type: 'edit_answered', ...about, refusal: error.code });
    },
  );
  return true;
}
