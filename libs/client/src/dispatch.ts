import { type ConversationId, ImError, isGroupId } from '@chasqui/domain';
import type { ServerFrame, ServerFrameOf, ServerFrameType, UpdateFrame } from '@chasqui/protocol';
import { serverError } from './connection/server-error.ts';
import { peerIn } from './conversations/direct.ts';
import type { Core } from './core.ts';
import type { GroupPart } from './groups/group-part.ts';
import type { Inbox } from './inbox.ts';
import type { Sender } from './sending/sender.ts';

type Handlers = { [T in ServerFrameType]: (frame: ServerFrameOf<T>) => void };

/** The handler of each server frame. Frames of a type that this version does not know are ignored. */
export function dispatcher(
  core: Core,
  sender: Sender,
  inbox: Inbox,
  groups: GroupPart | undefined,
  parts: readonly ({ error(frame: ServerFrameOf<'error'>): boolean } | undefined)[],
): (frame: ServerFrame) => void {
  const { confirmer, log } = inbox;
  const { receiver, syncer } = log;
  const { emitter } = core;
  const isInGroup = ({ conversationId }: { conversationId: ConversationId }) => isGroupId(conversationId);
  const live = (frame: UpdateFrame) => receiver.live(frame);
  const inConversation = (frame: ServerFrameOf<'chat' | 'recall' | 'action'>) =>
    (isInGroup(frame) ? groups : receiver)?.live(frame);
  const handlers: Omit<Handlers, 'login_ok' | 'pong' | keyof GroupPart['frames']> = {
    send_ack: (frame) => sender.queued(frame),
    server_ack: (frame) => {
      const { clientMessageId, messageId, position } = frame;
      sender.stored(clientMessageId, messageId, position);
      if (isInGroup(frame)) groups?.acked(frame);
      else receiver.stored({ messageId, position });
    },
    chat: inConversation,
    receipt: live,
    read: live,
    recall: inConversation,
    action: inConversation,
    moment: live,
    conversation_state: live,
    hidden: live,
    stored: (frame) => receiver.stored(frame),
    retract: (frame) => (isInGroup(frame) ? groups : receiver)?.retract(frame),
    membership: live,
    offline_messages: (frame) => inbox.page(frame),
    sync_needed: () => {
      syncer.request();
      groups?.syncNeeded();
    },
    confirm_ok: (frame) => confirmer.answered(frame),
    presence: ({ type: _, ...presence }) => emitter.emit('presence', presence),
    typing: ({ conversationId, from, active }) => {
      // What the user writes on one device comes to the others in groups.
      if (from === core.userId) return;
      emitter.emit('typing', { conversationId, peer: peerIn(core.userId, conversationId), from, active });
    },
    kicked: ({ reason }) => {
      if (reason !== 'token_expired' || !core.renewsToken) emitter.emit('kicked', { reason });
    },
    error: (frame) => {
      if ([sender, syncer, confirmer, groups, ...parts].some((part) => part?.error(frame))) return;
      emitter.emit('error', serverError(frame));
    },
  };
  // Without a prototype, so that it has no other names.
  const all: { [type: string]: ((frame: never) => void) | null } = { __proto__: null, ...handlers, ...groups?.frames };
  return (frame) => {
    try {
      all[frame.type]?.(frame as never);
    } catch (error) {
      emitter.emit('error', ImError.from(error));
    }
  };
}
