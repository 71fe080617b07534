import { ImError } from '@chasqui/domain';
import { hostInUrl, type Logger, OTHER_PORT, seldom, systemClock, withDeadline } from '@chasqui/kit';
import type { DeliveryHandler, SendHandler, ServerMessage } from '@chasqui/ports';
import {
  type Metadata,
  Server,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { acceptsSecret, checkCredentials, type PeerCredentials, serverCredentials } from './peer-credentials.ts';
import { watchPeerSessions } from './peer-sessions.ts';
import {
  type Answer,
  AUTHORIZATION,
  type Batch,
  FROM,
  KEEPALIVE,
  MAX_WIRE_BYTES,
  PEER_SERVICE,
  type SendAnswer,
  type SendRequest,
  TO,
} from './wire.ts';

/** Time that callers have to end their streams when the server stops, ms. */
const STOP_GRACE_MS = 1_000;
/** Maximum streams of one connection. A process has one for each of its links. */
const MAX_STREAMS = 16;
/** Time after which a connection without a stream is closed, ms. Peers close theirs earlier. */
const IDLE_MS = 90_000;
/** Minimum interval between log lines about refusals, ms. */
const REFUSAL_LOG_MS = 10_000;

export interface GrpcPeerServerOptions extends PeerCredentials {
  /** Default 127.0.0.1: other hosts must be set explicitly. */
  host?: string;
  /** 0: a free port. */
  port: number;
  /** The node that deliveries are for; a stream for another id is refused. */
  nodeId: string;
  onDeliveries: DeliveryHandler;
  /** Sends messages of the server API. Absent: the node refuses them. */
  onMessages?: SendHandler;
  logger: Logger;
}

type SendCall = ServerUnaryCall<SendRequest, SendAnswer>;
type PeerCall = ServerDuplexStream<Batch, Answer>;

/**
 * Takes deliveries for one node (proto/peer.proto). Disposing ends every stream and frees the port. Errors:
 * `config_invalid` if the port cannot be opened, or without a secret and certificates.
 */
export async function createGrpcPeerServer(
  options: GrpcPeerServerOptions,
): Promise<{ port: number } & AsyncDisposable> {
  checkCredentials(options);
  const { host = '127.0.0.1', port } = options;
  const calls = new Set<PeerCall>();
  // Strangers must not flood the log.
  const refused = seldom(systemClock, REFUSAL_LOG_MS, (refusals, peer: string, reason: string) =>
    options.logger.warn({ peer: peer.slice(0, 100), reason, refusals }, 'a peer was refused'),
  );
  const server = new Server({
    ...KEEPALIVE,
    'grpc.max_receive_message_length': MAX_WIRE_BYTES,
    'grpc.so_reuseport': 0,
    'grpc.max_concurrent_streams': MAX_STREAMS,
    'grpc.max_connection_idle_ms': IDLE_MS,
  });
  server.addService(PEER_SERVICE, {
    Deliver: (call: PeerCall) => serve(call, options, { calls, refused }),
    Send: (call: SendCall, answer: sendUnaryData<SendAnswer>) => void send(call, answer, options, refused),
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${hostInUrl(host)}:${port}`, serverCredentials(options), (error, actual) => {
      if (error === null) return resolve(actual);
      const message = `cannot listen for peers on ${hostInUrl(host)}:${port}: ${error.message}. ${OTHER_PORT}`;
      reject(new ImError('config_invalid', message, { field: 'port', port }, error));
    });
  });
  const sessions = watchPeerSessions({
    port: bound,
    accepts: (headers) => acceptsSecret(options, headers[AUTHORIZATION]),
  });
  return {
    port: bound,
    async [Symbol.asyncDispose]() {
      const stopped = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      for (const call of calls) call.end();
      sessions[Symbol.dispose]();
      await withDeadline(systemClock, STOP_GRACE_MS, stopped).catch(() => server.forceShutdown());
    },
  };
}

interface Served {
  calls: Set<PeerCall>;
  refused: (peer: string, reason: string) => void;
}

function serve(call: PeerCall, options: GrpcPeerServerOptions, { calls, refused }: Served): void {
  const { onDeliveries, logger } = options;
  const peer = String(call.metadata.get(FROM)[0] ?? 'unknown');
  // The caller vanished; `close` follows.
  call.on('error', (error) => logger.debug({ err: error, peer }, 'a peer stream broke'));
  const refusal = refuse(call.metadata, options);
  if (refusal !== undefined) {
    refused(peer, refusal.details);
    call.emit('error', refusal);
    return;
  }
  calls.add(call);
  const over = () => void calls.delete(call);
  call.on('cancelled', over);
  call.on('end', () => {
    over();
    call.end();
  });
  call.on('data', ({ deliveries = [] }: Batch) => {
    try {
      call.write({ counts: onDeliveries(deliveries) });
    } catch (error) {
      logger.error({ err: error, peer, deliveries: deliveries.length }, 'a batch of deliveries failed');
      call.write({ failed: true });
    }
  });
}

async function send(
  { metadata, request: { messages = [] } }: SendCall,
  answer: sendUnaryData<SendAnswer>,
  options: GrpcPeerServerOptions,
  refused: Served['refused'],
): Promise<void> {
  const { onMessages, logger } = options;
  const peer = String(metadata.get(FROM)[0] ?? 'unknown');
  const refusal = refuse(metadata, options);
  if (refusal !== undefined) {
    refused(peer, refusal.details);
    answer(refusal);
  } else if (onMessages === undefined) {
    answer({ code: status.UNIMPLEMENTED, details: 'this node sends no messages for others' });
  } else {
    try {
      const outcomes = await onMessages(messages.map((text) => JSON.parse(text) as ServerMessage));
      answer(null, { outcomes: outcomes.map((outcome) => JSON.stringify(outcome)) });
    } catch (error) {
      logger.error({ err: error, peer, messages: messages.length }, 'messages of the server API could not be sent');
      answer({ code: status.INTERNAL, details: 'the node could not send the messages' });
    }
  }
}

function refuse(metadata: Metadata, options: GrpcPeerServerOptions): { code: status; details: string } | undefined {
  if (!acceptsSecret(options, metadata.get(AUTHORIZATION)[0]))
    return { code: status.UNAUTHENTICATED, details: 'the peer secret is wrong' };
  if (metadata.get(TO)[0] === options.nodeId) return undefined;
  return { code: status.FAILED_PRECONDITION, details: `this is node ${options.nodeId}` };
}
