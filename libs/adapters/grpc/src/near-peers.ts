import { type Clock, ImError } from '@chasqui/domain';
import { withDeadline } from '@chasqui/kit';
import type { DeliveryHandler, PeerLink, SendHandler, SendLink } from '@chasqui/ports';
import { SEND_DEADLINE_MS } from './send-link.ts';

/** The Connect nodes of this process, by node id. */
export class NearPeers {
  readonly #handlers = new Map<string, DeliveryHandler>();
  readonly #senders = new Map<string, SendHandler>();

  /** The node takes deliveries, and messages to send, here until the registration is disposed. */
  register(nodeId: string, handler: DeliveryHandler, sender?: SendHandler): Disposable {
    this.#handlers.set(nodeId, handler);
    if (sender !== undefined) this.#senders.set(nodeId, sender);
    return {
      [Symbol.dispose]: () => {
        if (this.#handlers.get(nodeId) !== handler) return;
        this.#handlers.delete(nodeId);
        this.#senders.delete(nodeId);
      },
    };
  }

  senderOf(nodeId: string): SendHandler | undefined {
    return this.#senders.get(nodeId);
  }

  handlerOf(nodeId: string): DeliveryHandler | undefined {
    return this.#handlers.get(nodeId);
  }
}

/**
 * A peer link that passes deliveries for a node of this process to it within the call, and all others to `far`, which
 * it owns. Nothing waits here, so there is nothing to bound.
 */
export function createNearPeerLink({ near, far }: { near: NearPeers; far: PeerLink }): PeerLink {
  let disposed = false;
  return {
    async deliver(node, deliveries) {
      const handler = near.handlerOf(node.nodeId);
      if (handler === undefined || disposed || deliveries.length === 0) return far.deliver(node, deliveries);
      try {
        return handler(deliveries);
      } catch (error) {
        const { nodeId: peer } = node;
        throw new ImError('peer_unavailable', `node ${peer}: it could not handle the batch`, { peer }, error);
      }
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await far[Symbol.asyncDispose]();
    },
  };
}

/** The same for messages of the server API, with a deadline as there. */
export function createNearSendLink({ near, far, clock }: { near: NearPeers; far: SendLink; clock: Clock }): SendLink {
  let disposed = false;
  return {
    async send(node, messages) {
      const sender = near.senderOf(node.nodeId);
      if (sender === undefined || disposed) return far.send(node, messages);
      try {
        return await withDeadline(clock, SEND_DEADLINE_MS, sender(messages));
      } catch (error) {
        const { nodeId: peer } = node;
        throw new ImError('peer_unavailable', `node ${peer}: it could not send the messages`, { peer }, error);
      }
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await far[Symbol.asyncDispose]();
    },
  };
}
