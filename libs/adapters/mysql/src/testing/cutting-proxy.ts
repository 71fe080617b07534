import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A proxy between client and server that can lose answers: the answer to a packet that contains `text` is dropped, and
 * then the connection is closed.
 */
export class CuttingProxy implements AsyncDisposable {
  readonly #server = createServer((client) => this.#join(client));
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #text: string | null = null;
  /** Answers lost so far. */
  lost = 0;

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  static async open(target: { host: string; port: number }): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Loses the next answer to a packet that contains this text. */
  loseAnswerTo(text: string): void {
    this.#text = text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const server = connect(this.#target);
    let losing = false;
    const both = [client, server];
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#sockets.delete(socket);
        for (const other of both) other.destroy();
      });
    }
    client.on('data', (data) => {
      if (this.#text !== null && data.includes(this.#text)) {
        losing = true;
        this.#text = null;
      }
      server.write(data);
    });
    server.on('data', (data) => {
      if (!losing) client.write(data);
      else {
        this.lost++;
        client.destroy();
      }
    });
  }
}
