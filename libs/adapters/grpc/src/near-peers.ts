import { ImError } from '@chasqui/domain';
import type { DeliveryHandler, PeerLink } from '@chasqui/ports';

/** The Connect nodes of this process, by node id. */
export class NearPeers {
  readonly #handlers = new Map<string, DeliveryHandler>();

  /** The node takes deliveries here until the registration is disposed. */
  register(nodeId: string, handler: DeliveryHandler): Disposable {
    this.#handlers.set(nodeId, handler);
    return {
      [Symbol.dispose]: () => {
        if (this.#handlers.get(nodeId) === handler) this.#handlers.delete(nodeId);
      },
    };
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
