import { fileURLToPath } from 'node:url';
import type { Delivery } from '@chasqui/ports';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The messages of proto/peer.proto in their JavaScript form: an absent field is an absent property. */
export interface Batch {
  deliveries?: Delivery[];
}

export interface Answer {
  counts?: number[];
  failed?: boolean;
}

/** JSON texts: see `ServerMessage` and `SendOutcome`. */
export interface SendRequest {
  messages?: string[];
}

export interface SendAnswer {
  outcomes?: string[];
}

/** Request metadata of proto/peer.proto. */
export const AUTHORIZATION = 'authorization';
export const FROM = 'chasqui-from';
export const TO = 'chasqui-to';

const definitions = loadSync(fileURLToPath(new URL('../../../../proto/peer.proto', import.meta.url)));

export const PEER_SERVICE = definitions['chasqui.peer.v1.Peer'] as ServiceDefinition;
export const SEND = PEER_SERVICE.Send as MethodDefinition<SendRequest, SendAnswer>;
export const DELIVER = PEER_SERVICE.Deliver as MethodDefinition<Batch, Answer>;

/** Maximum bytes of one gRPC message: several times the bound of a batch. */
export const MAX_WIRE_BYTES = 16 * 1024 * 1024;
/** A connection that does not even answer keepalives is closed after the sum of both, in ms. */
export const KEEPALIVE = { 'grpc.keepalive_time_ms': 10_000, 'grpc.keepalive_timeout_ms': 3_000 };
