import { promisify } from 'node:util';
import { systemClock } from '@chasqui/kit';
import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BusProxy } from './bus-proxy.ts';
import { CODE, METHODS, type ReceiveMessageRequest, type ReceiveMessageResponse, type Status } from './wire.ts';

type Call = ServerWritableStream<ReceiveMessageRequest, ReceiveMessageResponse>;

let server: Server;
let proxy: BusProxy;
/** Calls that the server holds open. */
const open = new Set<Call>();

beforeEach(async () => {
  open.clear();
  server = new Server();
  server.addService(
    { receiveMessage: METHODS.receiveMessage },
    {
      receiveMessage(call: Call) {
        const status = ANSWERS[call.request.attemptId];
        if (status === undefined) {
          open.add(call);
          call.on('cancelled', () => open.delete(call));
        } else {
          call.write({ status });
          call.end();
        }
      },
    },
  );
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind('127.0.0.1:0', ServerCredentials.createInsecure());
  proxy = new BusProxy([{ host: '127.0.0.1', port }], systemClock, 'me');
});
afterEach(() => {
  proxy[Symbol.dispose]();
  server.forceShutdown();
});

/** The server's answers, by attempt. It leaves all others open. */
const ANSWERS: Readonly<Record<string, Status>> = {
  nothing: { code: CODE.messageNotFound },
  refused: { code: CODE.groupNotFound, message: 'no such group' },
};

function receive(attemptId: string, signal = new AbortController().signal) {
  const options = { batchSize: 32, invisibleMs: 10_000, pollMs: 5_000, attemptId, signal };
  return proxy.receive({ clientId: 'me', group: 'g', topic: 't' }, options);
}

test('C3: a receive that is given up, however early, is given up at the proxy too: nobody else reads what comes', async () => {
  // Ensures that the connection is established.
  await receive('nothing');
  const interruption = new AbortController();
  const receiving = expect(receive('waits', interruption.signal)).rejects.toMatchObject({ code: 'bus_unavailable' });
  interruption.abort();
  await receiving;
  // Everything sent before this has arrived by then.
  await receive('nothing');
  await vi.waitFor(() => expect(open.size).toBe(0));
});

test('an answer that refuses says why', async () => {
  await expect(receive('refused')).rejects.toThrow(/no such group \(40403\)/);
});
