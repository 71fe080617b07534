import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { DELIVER, MAX_WIRE_BYTES } from './wire.ts';

const STREAM_CREATED = 'http2.server.stream.created';

/**
 * Lets a caller send a whole batch at once. HTTP/2 starts with windows of 64 KiB, and each further 64 KiB waits for a turn
 * of the event loop at either end: with turns of 50 ms that is 1,500 deliveries a second. `@grpc/grpc-js` has an option for
 * what a client takes, and none for a server, so the session is taken from Node's own announcement of a stream.
 */
export function widenWindows(): Disposable {
  const widen = (announced: unknown) => {
    const { stream, headers } = announced as { stream: ServerHttp2Stream; headers: IncomingHttpHeaders };
    if (headers[':path'] !== DELIVER.path) return;
    stream.session?.setLocalWindowSize(MAX_WIRE_BYTES);
    stream.session?.settings({ initialWindowSize: MAX_WIRE_BYTES });
  };
  subscribe(STREAM_CREATED, widen);
  return { [Symbol.dispose]: () => unsubscribe(STREAM_CREATED, widen) };
}
