import { connect } from 'node:net';
import type { Clock } from '@chasqui/domain';
import { FrameSplitter } from '../wire/frames.ts';
import { HbaseError } from '../wire/hbase-error.ts';

export interface HostAndPort {
  host: string;
  port: number;
}

const GET_DATA = 4;
const CLOSE_SESSION = -11;
/** The ids of the two requests. */
const READ_ID = 1;
const CLOSE_ID = 2;
const NO_NODE = -101;
/** How long ZooKeeper keeps our session after a connection broke, ms. */
const SESSION_MS = 10_000;

/**
 * Reads one node of one ZooKeeper server, in a session that ends with the call: HBase's addresses are needed only at
 * the start and after a server was lost, so no session is kept open. Null: the node does not exist. Errors:
 * `HbaseError` (lost).
 * Source: ZooKeeper's zookeeper.jute (ConnectRequest, RequestHeader, GetDataRequest).
 */
export function readZnode(server: HostAndPort, path: string, clock: Clock, timeoutMs: number): Promise<Buffer | null> {
  const away = (why: string, cause?: unknown) =>
    new HbaseError('lost', 'ZooKeeperAway', `${server.host}:${server.port}: ${why}`, cause);
  return new Promise<Buffer | null>((resolve, reject) => {
    const frames = new FrameSplitter();
    let greeted = false;
    const socket = connect(server, () => socket.write(connectRequest()));
    const timer = clock.after(timeoutMs, () => socket.destroy(away(`no answer within ${timeoutMs} ms`)));
    socket.on('data', (piece) => {
      try {
        for (const frame of frames.add(piece)) {
          if (greeted) {
            resolve(dataOf(frame));
            socket.end(frameOf(CLOSE_ID, CLOSE_SESSION));
          } else socket.write(frameOf(READ_ID, GET_DATA, pathAndWatch(path)));
          greeted = true;
        }
      } catch (error) {
        socket.destroy(away('its answer makes no sense', error));
      }
    });
    socket.on('error', (error) => reject(error instanceof HbaseError ? error : away(error.message, error)));
    socket.on('close', () => {
      timer.cancel();
      reject(away('it closed the connection'));
    });
  });
}

/** Protocol 0, no transaction seen yet, a new session, an empty password. */
function connectRequest(): Buffer {
  const request = Buffer.alloc(4 + 4 + 8 + 4 + 8 + 4 + 16 + 1);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt32BE(SESSION_MS, 16);
  request.writeInt32BE(16, 28);
  return request;
}

function frameOf(id: number, operation: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(id, 4);
  head.writeInt32BE(operation, 8);
  return Buffer.concat([head, body]);
}

/** The path, prefixed with its length, and no watch for changes. */
function pathAndWatch(path: string): Buffer {
  const text = Buffer.from(path);
  const length = Buffer.alloc(4);
  length.writeInt32BE(text.length);
  return Buffer.concat([length, text, Buffer.from([0])]);
}

/** Format of a reply: request id, transaction id (8 bytes), error code, then the data prefixed with its length. */
function dataOf(reply: Buffer): Buffer | null {
  const error = reply.readInt32BE(12);
  if (error === NO_NODE) return null;
  if (error !== 0) throw new RangeError(`ZooKeeper's error ${error}`);
  return reply.subarray(20, 20 + reply.readInt32BE(16));
}
