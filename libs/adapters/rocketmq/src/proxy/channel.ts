import { isIPv4 } from 'node:net';
import { type Clock, ImError } from '@chasqui/domain';
import {
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  status as grpcStatus,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { type Endpoint, textOf } from '../endpoints.ts';
import { CODE, type Status } from './wire.ts';

/** Larger than a broker's limit: 4 MiB plus properties. */
const MAX_WIRE_BYTES = 16 * 1024 * 1024;

/**
 * A broken connection is retried within a tenth of a second (gRPC's own first wait is a second), and a connection
 * without answers is closed after 15 s.
 */
const CHANNEL_OPTIONS = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.max_receive_message_length': MAX_WIRE_BYTES,
  'grpc.max_send_message_length': MAX_WIRE_BYTES,
  // Two buses of one process (in tests) must not share a connection.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
};

export interface CallOptions {
  /** The id by which the proxy knows us. */
  clientId: string;
  deadlineMs: number;
}

/** The gRPC connection to one of the proxies. A process uses the same proxy until it is gone. */
export class ProxyChannel implements Disposable {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #addresses: string;

  constructor(endpoints: readonly Endpoint[], clock: Clock) {
    const [first] = endpoints;
    const scheme = first !== undefined && isIPv4(first.host) ? 'ipv4' : 'dns';
    this.#addresses = endpoints.map(textOf).join(',');
    this.#client = new Client(`${scheme}:${this.#addresses}`, credentials.createInsecure(), CHANNEL_OPTIONS);
    this.#clock = clock;
  }

  /** Errors: `bus_unavailable`. An answer that refuses resolves. */
  call<Q, A>(method: MethodDefinition<Q, A>, request: Q, options: CallOptions): Promise<A> {
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadataOf(options.clientId),
        { deadline: this.#clock.now() + options.deadlineMs },
        (error, answer) => (answer === undefined || error !== null ? reject(this.unavailable(error)) : resolve(answer)),
      );
    });
  }

  stream<Q, A>(method: MethodDefinition<Q, A>, request: Q, options: CallOptions): ClientReadableStream<A> {
    const { path, requestSerialize, responseDeserialize } = method;
    const metadata = metadataOf(options.clientId);
    const deadline = this.#clock.now() + options.deadlineMs;
    return this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata, {
      deadline,
    });
  }

  duplex<Q, A>({ path, requestSerialize, responseDeserialize }: MethodDefinition<Q, A>, clientId: string) {
    const metadata = metadataOf(clientId);
    const stream: ClientDuplexStream<Q, A> = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
    );
    return stream;
  }

  /** The error of a failed call. */
  unavailable(error: Error | null): ImError {
    const { code, details } = (error ?? {}) as Partial<ServiceError>;
    const said = details?.replace(/\s*Resolution note:\s*$/, '');
    const reason = code === grpcStatus.DEADLINE_EXCEEDED ? 'it does not answer' : (said ?? 'no answer');
    const message = `RocketMQ's proxy at ${this.#addresses}: ${reason}`;
    return new ImError('bus_unavailable', message, {}, error ?? undefined);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function metadataOf(clientId: string): Metadata {
  const metadata = new Metadata();
  metadata.set('x-mq-client-id', clientId);
  metadata.set('x-mq-protocol', 'v2');
  // Of the languages that every version knows, the one that implies nothing.
  metadata.set('x-mq-language', 'HTTP');
  metadata.set('x-mq-client-version', '5.0.0');
  return metadata;
}

/** Throws a refusing answer as `content_too_large`, `overloaded`, or `bus_unavailable` with the engine's code. */
export function expectOk(status: Status | undefined): void {
  if (status?.code === CODE.ok) return;
  const { code = 0, message = '' } = status ?? {};
  const kind = KINDS[code] ?? 'bus_unavailable';
  throw new ImError(kind, `RocketMQ refuses: ${message || 'it does not say why'} (${code})`, { engineCode: code });
}

const KINDS: Readonly<Record<number, 'content_too_large' | 'overloaded'>> = {
  [CODE.bodyTooLarge]: 'content_too_large',
  [CODE.tooManyRequests]: 'overloaded',
};
