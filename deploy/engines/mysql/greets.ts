import { connect } from 'node:net';

/** What a first packet of protocol 10 has after its four bytes of length and number. */
const GREETING = 10;

/** Whether it greets: it does once it accepts logins, after its recovery and its first steps. */
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
