import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { systemClock as clock } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { admit } from './handshake.ts';

test('C16: a stranger that is refused holds no connection, though it does not close its side', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stranger = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void stranger.destroy());
  stranger.resume().write(Buffer.alloc(64));
  const [socket] = (await once(server, 'connection')) as [Socket];
  const closed = once(socket, 'close');
  await expect(admit(socket, { secret: 'a secret', clock })).rejects.toMatchObject({ code: 'config_invalid' });
  await closed;
});
