import {
  createGrpcPeerLink,
  createGrpcSendLink,
  createNearPeerLink,
  createNearSendLink,
  NearPeers,
} from '@chasqui/grpc';
import { peerCredentials, type Runtime, type Secrets } from '@chasqui/kit';
import type { PeerLink, SendLink } from '@chasqui/ports';

export { NearPeers };

export interface OpenPeersOptions {
  secrets: Secrets;
  /** How long deliveries to one node may be held back to form a batch, in ms. */
  paceMs: number;
  /** Connect nodes in this process, which are reached without gRPC. Absent: all are reached by gRPC. */
  near?: NearPeers | undefined;
}

/** Opens the peer link to Connect nodes. */
export function openPeers(
  stack: AsyncDisposableStack,
  { clock, random, logger, limits, nodeId }: Runtime,
  { secrets, paceMs, near = new NearPeers() }: OpenPeersOptions,
): PeerLink {
  const far = createGrpcPeerLink({ clock, random, logger, limits, nodeId, paceMs, ...peerCredentials(secrets) });
  return stack.use(createNearPeerLink({ near, far }));
}

/** Opens the link over which Connect nodes get messages of the server API. */
export function openSends(
  stack: AsyncDisposableStack,
  { clock, nodeId }: Runtime,
  { secrets, near = new NearPeers() }: Omit<OpenPeersOptions, 'paceMs'>,
): SendLink {
  const far = createGrpcSendLink({ clock, nodeId, ...peerCredentials(secrets) });
  return stack.use(createNearSendLink({ near, far, clock }));
}
