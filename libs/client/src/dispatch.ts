import { type ConversationId, defined, ImError, isGroupId } from '@chasqui/domain';
import type { ServerFrame, ServerFrameOf, ServerFrameType } from '@chasqui/protocol';
import type { Core } from './core.ts';
import { peerIn } from './direct.ts';
import type { Groups } from './groups.ts';
import type { Inbox } from './inbox.ts';
import type { Recalls } from './recalls.ts';
import type { Sender } from './sender.ts';

type Handlers = { [T in ServerFrameType]: (frame: ServerFrameOf<T>) => void };

/** The handler of each server frame. Frames of a type that this version does not know are ignored. */
export function dispatcher(
  core: Core,
  sender: Sender,
  inbox: Inbox,
  groups: Groups,
  recalls: Recalls,
): (frame: ServerFrame) => void {
  const { receiver, syncer, confirmer } = inbox;
  const { emitter } = core;
  const isInGroup = ({ conversationId }: { conversationId: ConversationId }) => isGroupId(conversationId);
  const handlers = {
    login_ok: () => undefined,
    pong: () => undefined,
    send_ack: (frame) => sender.queued(frame),
    server_ack: (frame) => {
      const { clientMessageId, messageId, position } = frame;
      sender.stored(clientMessageId, messageId, position);
      if (isInGroup(frame)) groups.acked(frame);
      else receiver.stored({ messageId, position });
    },
    chat: (frame) => (isInGroup(frame) ? groups : receiver).live(frame),
    receipt: (frame) => receiver.live(frame),
    read: (frame) => receiver.live(frame),
    recall: (frame) => (isInGroup(frame) ? groups : receiver).live(frame),
    moment: (frame) => receiver.live(frame),
    conversation_state: (frame) => receiver.live(frame),
    stored: (frame) => receiver.stored(frame),
    retract: (frame) => (isInGroup(frame) ? groups : receiver).retract(frame),
    stored_messages: (frame) => groups.stored(frame),
    notice: (frame) => groups.live(frame),
    membership: (frame) => receiver.live(frame),
    read_mark: (frame) => groups.readMark(frame),
    groups: (frame) => groups.told(frame),
    log_updates: (frame) => groups.page(frame),
    offline_messages: (frame) => inbox.page(frame),
    sync_needed: () => {
      syncer.request();
      groups.syncNeeded();
    },
    confirm_ok: (frame) => confirmer.answered(frame),
    presence: ({ userId, online, at }) => emitter.emit('presence', { userId, online, at }),
    typing: ({ conversationId, from, active }) => {
      // What the user writes on one device comes to the others in groups.
      if (from === core.userId) return;
      emitter.emit('typing', { conversationId, peer: peerIn(core.userId, conversationId), from, active });
    },
    kicked: ({ reason }) => {
      if (reason !== 'token_expired' || !core.renewsToken) emitter.emit('kicked', { reason });
    },
    error: (frame) => {
      const parts = [syncer, confirmer, groups, recalls];
      const taken = [sender.failed(frame), ...parts.map((part) => part.error(frame))];
      if (taken.includes(true)) return;
      const { code, message, field } = frame;
      emitter.emit('error', new ImError(code, message, defined({ field })));
    },
  } satisfies Handlers;
  return (frame) => {
    const handle = Object.hasOwn(handlers, frame.type) ? (handlers[frame.type] as (frame: ServerFrame) => void) : null;
    try {
      handle?.(frame);
    } catch (error) {
      emitter.emit('error', ImError.from(error));
    }
  };
}
