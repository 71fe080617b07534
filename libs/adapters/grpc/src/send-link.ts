import { type Clock, defined, ImError, type Timer } from '@chasqui/domain';
import type { SendLink, SendOutcome, ServerMessage } from '@chasqui/ports';
import { Client, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { channelCredentials, checkCredentials, type PeerCredentials, presentSecret } from './peer-credentials.ts';
import { checkAddress } from './peer-stream.ts';
import { FROM, KEEPALIVE, MAX_WIRE_BYTES, SEND, type SendAnswer, TO } from './wire.ts';

/** Longer than a node waits for the acks of a message. */
export const SEND_DEADLINE_MS = 8_000;
/** Time without a call after which a node's connection is closed, ms. */
const IDLE_MS = 60_000;
/** Calls that wait for one link's nodes. Further ones fail at once (C16). */
const MAX_CALLS = 1_000;

export interface GrpcSendLinkOptions extends PeerCredentials {
  clock: Clock;
  /** This process's node id, which the other end logs. */
  nodeId: string;
  deadlineMs?: number;
}

interface Open {
  client: Client;
  peerAddress: string;
  idle: Timer | null;
  calls: number;
}

/** Messages of the server API over gRPC (proto/peer.proto): one connection for each node that was called lately. */
export function createGrpcSendLink(options: GrpcSendLinkOptions): SendLink {
  checkCredentials(options);
  const { clock, nodeId: from, deadlineMs = SEND_DEADLINE_MS } = options;
  const open = new Map<string, Open>();
  const underWay = new Set<Promise<unknown>>();
  let disposed = false;

  const close = (nodeId: string, one: Open) => {
    one.idle?.cancel();
    one.client.close();
    if (open.get(nodeId) === one) open.delete(nodeId);
  };
  const obtain = (nodeId: string, peerAddress: string): Open => {
    const known = open.get(nodeId);
    if (known?.peerAddress === peerAddress) return known;
    if (known !== undefined) close(nodeId, known);
    checkAddress(peerAddress);
    const name = options.tls?.serverName;
    const client = new Client(peerAddress, channelCredentials(options), {
      ...KEEPALIVE,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': MAX_WIRE_BYTES,
      'grpc.enable_retries': 0,
      ...defined({ 'grpc.ssl_target_name_override': name }),
    });
    const made: Open = { client, peerAddress, idle: null, calls: 0 };
    open.set(nodeId, made);
    return made;
  };
  const call = async (nodeId: string, peerAddress: string, messages: readonly ServerMessage[]) => {
    const one = obtain(nodeId, peerAddress);
    one.idle?.cancel();
    one.calls++;
    const metadata = new Metadata();
    metadata.set(FROM, from);
    metadata.set(TO, nodeId);
    presentSecret(options, metadata);
    try {
      return await request(one.client, metadata, messages, clock.now() + deadlineMs);
    } catch (error) {
      // A broken connection would be tried again at its own pace.
      close(nodeId, one);
      throw error;
    } finally {
      one.calls--;
      if (one.calls === 0) one.idle = clock.after(IDLE_MS, () => close(nodeId, one));
    }
  };
  return {
    async send({ nodeId, peerAddress }, messages) {
      if (disposed) throw unavailable(nodeId, 'the send link is closed');
      if (underWay.size >= MAX_CALLS) throw unavailable(nodeId, 'too many calls wait');
      const answer = call(nodeId, peerAddress, messages).catch((error) => {
        throw unavailable(nodeId, error.details ?? String(error), error);
      });
      underWay.add(answer);
      try {
        const outcomes = await answer;
        if (outcomes.length === messages.length) return outcomes;
      } finally {
        underWay.delete(answer);
      }
      throw unavailable(nodeId, 'it answered for other messages');
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.allSettled(underWay);
      for (const [nodeId, one] of open) close(nodeId, one);
    },
  };
}

function request(client: Client, metadata: Metadata, messages: readonly ServerMessage[], deadline: number) {
  const body = { messages: messages.map((message) => JSON.stringify(message)) };
  return new Promise<SendOutcome[]>((resolve, reject) => {
    const answered = (error: ServiceError | null, answer?: SendAnswer) => {
      if (error !== null) reject(error);
      else resolve((answer?.outcomes ?? []).map((text) => JSON.parse(text)));
    };
    client.makeUnaryRequest(
      SEND.path,
      SEND.requestSerialize,
      SEND.responseDeserialize,
      body,
      metadata,
      { deadline },
      answered,
    );
  });
}

function unavailable(nodeId: string, reason: string, cause?: unknown): ImError {
  const code = (cause as Partial<ServiceError> | undefined)?.code;
  const name = code === undefined ? '' : `${status[code]}: `;
  return new ImError('peer_unavailable', `node ${nodeId}: ${name}${reason}`, { peer: nodeId }, cause);
}
