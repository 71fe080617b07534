import { once } from 'node:events';
import type { ClientFrame, ServerFrame } from '@chasqui/protocol';
import { WebSocket } from 'ws';

type Chat = Omit<Extract<ClientFrame, { type: 'chat' }>, 'type'>;

/** As clients do: an ack may be lost, for example while a server that was killed finds its nodes again. */
const RESEND_MS = 2_000;

/** Sends one message on a connection of its own. Resolves to its id once it is stored; rejects if it is refused or the server goes. */
export async function sendOnce(url: string, token: string, chat: Chat): Promise<string> {
  const socket = new WebSocket(url).on('error', () => {});
  const gone = once(socket, 'close').then(() => Promise.reject(new Error('the connection ended')));
  let stopResending = () => {};
  const send = () => socket.send(JSON.stringify({ type: 'chat', ...chat }));
  const stored = new Promise<string>((resolve, reject) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      if (frame.type === 'login_ok') {
        send();
        const resending = setInterval(send, RESEND_MS);
        stopResending = () => clearInterval(resending);
      }
      if (frame.type === 'server_ack') resolve(frame.messageId);
      if (frame.type === 'error') reject(new Error(`${frame.code}: ${frame.message}`));
    });
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'login', token, deviceId: 'send-once' })));
  try {
    return await Promise.race([stored, gone]);
  } finally {
    stopResending();
    socket.terminate();
  }
}
