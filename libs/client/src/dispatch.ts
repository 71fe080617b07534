import { defined, ImError } from '@chasqui/domain';
import type { ServerFrame, ServerFrameOf, ServerFrameType } from '@chasqui/protocol';
import type { Core } from './core.ts';
import type { Inbox } from './inbox.ts';
import type { Recalls } from './recalls.ts';
import type { Sender } from './sender.ts';

type Handlers = { [T in ServerFrameType]: (frame: ServerFrameOf<T>) => void };

/** The handler of each server frame. Frames of a type that this version does not know are ignored. */
export function dispatcher(core: Core, sender: Sender, inbox: Inbox, recalls: Recalls): (frame: ServerFrame) => void {
  const { receiver, syncer, confirmer } = inbox;
  const { emitter } = core;
  const handlers = {
    login_ok: () => undefined,
    pong: () => undefined,
    send_ack: (frame) => sender.queued(frame),
    server_ack: (frame) => {
      sender.stored(frame.clientMessageId, frame.messageId, frame.position);
      receiver.arrived(frame.position);
    },
    chat: (frame) => receiver.live(frame),
    receipt: (frame) => receiver.live(frame),
    read: (frame) => receiver.live(frame),
    recall: (frame) => receiver.live(frame),
    moment: (frame) => receiver.live(frame),
    conversation_state: (frame) => receiver.live(frame),
    stored: (frame) => receiver.stored(frame),
    retract: (frame) => receiver.retract(frame),
    offline_messages: (frame) => inbox.page(frame),
    sync_needed: () => syncer.request(),
    confirm_ok: (frame) => confirmer.answered(frame),
    presence: ({ userId, online, at }) => emitter.emit('presence', { userId, online, at }),
    typing: ({ conversationId, from, active }) => emitter.emit('typing', { conversationId, peer: from, active }),
    kicked: ({ reason }) => emitter.emit('kicked', { reason }),
    error: (frame) => {
      const taken = [sender.failed(frame), syncer.error(frame), confirmer.error(frame), recalls.error(frame)];
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
