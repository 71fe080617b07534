import { defined } from '@chasqui/domain';
import { Client, type ClientDuplexStream, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { channelCredentials, type PeerCredentials, presentSecret } from './peer-credentials.ts';
import { type Answer, type Batch, DELIVER, FROM, KEEPALIVE, MAX_WIRE_BYTES, TO } from './wire.ts';

export interface PeerStreamOptions {
  /** This process's node id. */
  from: string;
  to: { nodeId: string; peerAddress: string };
  credentials: PeerCredentials;
  answered(answer: Answer): void;
  /** The stream has ended, with the reason. Called once, and not after `close`. */
  gone(reason: string): void;
}

/** Checked here, as gRPC leaks a socket for each attempt on an invalid port. */
export function checkAddress(peerAddress: string): void {
  const port = Number(/^.+:(\d{1,5})$/.exec(peerAddress)?.[1]);
  if (!(port > 0 && port < 65_536)) throw new Error('not an address of the form host:port');
}

/** One stream to one node on a connection of its own; if either breaks, both end. */
export class PeerStream {
  readonly #client: Client;
  readonly #stream: ClientDuplexStream<Batch, Answer>;
  #open = true;

  /** Errors: a plain `Error` if gRPC rejects the address or an id. */
  constructor({ from, to, credentials, answered, gone }: PeerStreamOptions) {
    checkAddress(to.peerAddress);
    const name = credentials.tls?.serverName;
    this.#client = new Client(to.peerAddress, channelCredentials(credentials), {
      ...KEEPALIVE,
      // A separate connection, so that closing it leaves nothing behind.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': MAX_WIRE_BYTES,
      'grpc.enable_retries': 0,
      // Retries use another client; this one only has to settle.
      'grpc.initial_reconnect_backoff_ms': 100,
      ...defined({ 'grpc.ssl_target_name_override': name }),
    });
    const metadata = new Metadata();
    metadata.set(FROM, from);
    metadata.set(TO, to.nodeId);
    presentSecret(credentials, metadata);
    this.#stream = this.#client.makeBidiStreamRequest(
      DELIVER.path,
      DELIVER.requestSerialize,
      DELIVER.responseDeserialize,
      metadata,
    );
    const over = (reason: string) => {
      if (!this.#open) return;
      this.close();
      gone(reason);
    };
    this.#stream.on('data', (answer: Answer) => {
      if (this.#open) answered(answer);
    });
    this.#stream.on('error', ({ code, details }: ServiceError) => over(`${status[code]}: ${details}`));
    this.#stream.on('end', () => over('the node ended the stream'));
  }

  write(batch: Batch): void {
    this.#stream.write(batch);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#stream.cancel();
    this.#client.close();
  }
}
