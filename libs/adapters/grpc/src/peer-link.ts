import { type Clock, ImError, type Limits, type Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { PeerLink } from '@chasqui/ports';
import { PeerConnection } from './peer-connection.ts';
import { checkCredentials, type PeerCredentials } from './peer-credentials.ts';

/** Maximum deliveries that wait for the answers of one node (C16). Further ones fail at once. */
export const MAX_WAITING_DELIVERIES = 20_000;
/** Time without a delivery after which a node's connection is closed and forgotten, ms. */
const IDLE_MS = 60_000;

export interface GrpcPeerLinkOptions extends PeerCredentials {
  clock: Clock;
  random: Random;
  logger: Logger;
  limits: Pick<Limits, 'peerDeadlineMs' | 'maxBatchBytes'>;
  /** This process's node id, which the other end logs. */
  nodeId: string;
  /**
   * Minimum time from one batch to a node to the next, ms: a single delivery costs as much as some fifty in one batch.
   * Default 0: no pause.
   */
  paceMs?: number;
  idleMs?: number;
}

/** A peer link with a figure for metrics. */
export interface GrpcPeerLink extends PeerLink {
  /** Number of nodes that it has a connection to. */
  readonly peers: number;
}

/**
 * Deliveries over gRPC (proto/peer.proto): one long-lived stream per node. Disposing waits for deliveries in flight, at
 * most for the peer deadline. Errors: `config_invalid` without a secret and certificates.
 */
export function createGrpcPeerLink(options: GrpcPeerLinkOptions): GrpcPeerLink {
  const { clock, random, logger, limits, nodeId, paceMs = 0, idleMs = IDLE_MS } = options;
  checkCredentials(options);
  const connections = new Map<string, PeerConnection>();
  const underWay = new Set<Promise<unknown>>();
  let disposed = false;
  const connect = (to: { nodeId: string; peerAddress: string }): PeerConnection => {
    const known = connections.get(to.nodeId);
    if (known?.peerAddress === to.peerAddress) return known;
    known?.close('it has moved');
    const connection = new PeerConnection({
      clock,
      random,
      logger,
      credentials: options,
      from: nodeId,
      to: { nodeId: to.nodeId, peerAddress: to.peerAddress },
      deadlineMs: limits.peerDeadlineMs,
      maxBatchBytes: limits.maxBatchBytes,
      paceMs,
      maxWaiting: MAX_WAITING_DELIVERIES,
      idleMs,
      idle: () => connections.delete(to.nodeId),
    });
    connections.set(to.nodeId, connection);
    return connection;
  };
  return {
    get peers() {
      return connections.size;
    },
    async deliver(node, deliveries) {
      if (disposed) throw new ImError('peer_unavailable', 'the peer link is closed', { peer: node.nodeId });
      if (deliveries.length === 0) return [];
      const answer = connect(node).deliver(deliveries);
      underWay.add(answer);
      try {
        return await answer;
      } finally {
        underWay.delete(answer);
      }
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.allSettled(underWay);
      for (const connection of connections.values()) connection.close('the peer link is closed');
      connections.clear();
    },
  };
}
