import { createGrpcPeerLink, createNearPeerLink, NearPeers } from '@chasqui/grpc';
import { peerCredentials, type Runtime, type Secrets } from '@chasqui/kit';
import type { PeerLink } from '@chasqui/ports';

export { NearPeers };

export interface OpenPeersOptions {
  secrets: Secrets;
  /** How long deliveries to one node may wait for one another, in ms. */
  paceMs: number;
  /** Connect nodes of this process: they are reached without gRPC. Absent: all are reached by gRPC. */
  near?: NearPeers | undefined;
}

/** What carries deliveries to Connect nodes. */
export function openPeers(
  stack: AsyncDisposableStack,
  { clock, random, logger, limits, nodeId }: Runtime,
  { secrets, paceMs, near = new NearPeers() }: OpenPeersOptions,
): PeerLink {
  const far = createGrpcPeerLink({ clock, random, logger, limits, nodeId, paceMs, ...peerCredentials(secrets) });
  return stack.use(createNearPeerLink({ near, far }));
}
