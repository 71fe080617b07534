import { connect } from 'node:net';

/** The protocol version: the first byte of a handshake packet after four bytes of length and sequence number. */
const GREETING = 10;

/** Whether the server sends its handshake: it does once it accepts logins, after recovery and the first steps. */
export function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(2000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('data', (data) => answer(data[4] === GREETING));
  });
}
