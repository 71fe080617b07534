import { createServer, type Server } from 'node:net';
import { FrameSplitter } from '../wire/frames.ts';

const NO_NODE = -101;

/** Answers session requests, and reads of the given nodes. */
export class FakeZookeeper implements AsyncDisposable {
  readonly nodes = new Map<string, Buffer>();
  /** Paths that clients read. */
  readonly reads: string[] = [];
  #server: Server | undefined;

  /** Listens on this port; 0: a free one. Returns the port. */
  async listen(port = 0): Promise<number> {
    const server = createServer((socket) => {
      const frames = new FrameSplitter();
      let greeted = false;
      socket.on('error', () => {});
      socket.on('data', (piece) => {
        for (const frame of frames.add(piece)) {
          if (!greeted) socket.write(framed(Buffer.alloc(37)));
          else if (frame.readInt32BE(4) === 4) socket.write(framed(this.#answer(frame)));
          else socket.end();
          greeted = true;
        }
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }

  #answer(request: Buffer): Buffer {
    const path = request.toString('utf8', 12, 12 + request.readInt32BE(8));
    this.reads.push(path);
    const data = this.nodes.get(path);
    const head = Buffer.alloc(16);
    head.writeInt32BE(request.readInt32BE(0), 0);
    if (data === undefined) {
      head.writeInt32BE(NO_NODE, 12);
      return head;
    }
    const length = Buffer.alloc(4);
    length.writeInt32BE(data.length);
    return Buffer.concat([head, length, data, Buffer.alloc(68)]);
  }
}

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
