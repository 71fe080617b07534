import type { Transport } from '@chasqui/client';
import type { ClientFrame, ServerFrame } from '@chasqui/protocol';
import type { History } from './history.ts';
import { type DeviceName, identityOf } from './records.ts';

/** The user and device of a socket. */
export interface SocketOwner {
  user: string;
  device: DeviceName;
}

/**
 * A transport that records a device's frames about its inbox, in both directions, and the acks and refusals that reach it (leave the
 * acks out if the sending node is recorded as well).
 */
export function recordTransport(
  transport: Transport,
  history: History,
  { user, device }: SocketOwner,
  { acks }: { acks: boolean },
): Transport {
  return (url, handlers) => {
    /** The position that each request asked for, by its ref; the page after a login has no ref. */
    const asked = new Map<string | undefined, number>();
    const socket = transport(url, {
      ...handlers,
      received(text) {
        const frame = JSON.parse(text) as ServerFrame;
        if (frame.type === 'offline_messages') {
          const after = asked.get(frame.ref) ?? 0;
          const positions = frame.updates.map((update) => update.position);
          const { position, caughtUp, reset = false } = frame;
          history.add({ type: 'page', device, after, positions, position, caughtUp, reset });
          // A sender that missed its server_ack learns from its inbox that the message is stored.
          if (acks) for (const own of ownMessages(frame, user)) history.add({ ...own, device });
        } else if (frame.type === 'error' && frame.retry === 'never' && frame.ref !== undefined) {
          history.add({ type: 'told_refused', device, identity: identityOf(user, frame.ref), code: frame.code });
        } else if (acks && (frame.type === 'send_ack' || frame.type === 'server_ack')) {
          history.add(ackRecord(frame, user, device));
        }
        handlers.received(text);
      },
    });
    return {
      send(text) {
        const frame = JSON.parse(text) as ClientFrame;
        if (frame.type === 'login' && frame.position !== undefined) {
          asked.set(frame.ref, frame.position);
          asked.set(undefined, frame.position);
        }
        if (frame.type === 'sync_offline_messages') asked.set(frame.ref, frame.position);
        if (frame.type === 'chat' && frame.forwardOf !== undefined) {
          history.add({ type: 'forwarded', device, identity: identityOf(user, frame.clientMessageId) });
        }
        if (frame.type === 'confirm_messages_synced') {
          history.add({ type: 'confirmed', device, position: frame.position });
        }
        socket.send(text);
      },
      close: (code, reason) => socket.close(code, reason),
    };
  };
}

function ownMessages({ updates }: Extract<ServerFrame, { type: 'offline_messages' }>, user: string) {
  return updates.flatMap((update) =>
    update.type === 'chat' && update.from === user
      ? [
          {
            type: 'acked' as const,
            level: 'stored' as const,
            identity: identityOf(user, update.clientMessageId),
            messageId: update.messageId,
          },
        ]
      : [],
  );
}

export function ackRecord(
  frame: Extract<ServerFrame, { type: 'send_ack' | 'server_ack' }>,
  user: string,
  device: DeviceName,
) {
  const { clientMessageId, messageId } = frame;
  return {
    type: 'acked' as const,
    level: frame.type === 'send_ack' ? ('queued' as const) : ('stored' as const),
    device,
    identity: identityOf(user, clientMessageId),
    messageId,
  };
}
