import { connect } from 'node:net';
import { gatewayContract } from '@chasqui/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { createWsGateway } from './ws-gateway.ts';

gatewayContract('ws', createWsGateway);

test('C16: sockets that never finish their upgrade are closed after ten seconds, not after Node’s next look at them', async () => {
  const handlers = { open() {}, message() {}, close() {}, http: async () => null };
  const gateway = await createWsGateway({
    host: '127.0.0.1',
    port: 0,
    path: '/ws',
    subprotocols: [],
    handlers,
    maxFrameBytes: 1_000,
    maxBacklogBytes: 1_000,
    slowConsumerCode: 4003,
    largeFrameCode: 4508,
  });
  onTestFinished(() => gateway[Symbol.asyncDispose]());
  const started = performance.now();
  const closed = ['', 'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: '].map((bytes) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => {}).resume();
    return new Promise((resolve) => socket.once('close', resolve));
  });
  await Promise.all(closed);
  expect(performance.now() - started).toBeLessThan(25_000);
}, 60_000);
