import type { WebSocket } from 'uWebSockets.js';
import { loadUws } from '@chasqui/gateway';
import { silentLogger } from '@chasqui/kit';
import { SyncedLog } from './synced-log.ts';

/**
 * The upper bound for a chat server on this machine: the same sockets and frames, and no other work. A chat frame is
 * forwarded unchanged to its receiver, and its sender gets a `send_ack`: at once, or, if a file is named on the command
 * line, when a log has it on disk. Nothing else is parsed or kept.
 */
interface User {
  id: string;
  /** Frames to write to the socket when this turn ends: many small frames in one write. */
  out: string[];
}

const [logPath] = process.argv.slice(2);
const log = logPath === undefined ? null : await SyncedLog.open(logPath);
const uws = await loadUws({ logger: silentLogger });
const text = new TextDecoder();
const users = new Map<string, WebSocket<User>>();
const dirty: WebSocket<User>[] = [];

uws
  .App()
  .ws<User>('/ws', {
    maxPayloadLength: 64 * 1024,
    maxBackpressure: 0,
    idleTimeout: 0,
    upgrade(response, request, context) {
      response.upgrade<User>({ id: '', out: [] }, request.getHeader('sec-websocket-key'), '', '', context);
    },
    message(socket, data) {
      const frame = text.decode(data);
      if (frame.startsWith('{"type":"chat"')) relay(socket, frame);
      else if (frame.startsWith('{"type":"login"')) logIn(socket, frame);
    },
    close(socket) {
      users.delete(socket.getUserData().id);
    },
  })
  .listen('127.0.0.1', 0, (listener) => {
    if (listener === false) throw new Error('no port');
    process.stdout.write(`listening on ${uws.us_socket_local_port(listener)}\n`);
  });

function logIn(socket: WebSocket<User>, frame: string): void {
  const id = fieldOf(frame, '"token":"');
  socket.getUserData().id = id;
  users.set(id, socket);
  send(socket, '{"type":"login_ok"}');
}

function relay(socket: WebSocket<User>, frame: string): void {
  send(users.get(fieldOf(frame, '"to":"')), frame);
  const ack = `{"type":"send_ack","clientMessageId":"${fieldOf(frame, '"clientMessageId":"')}"}`;
  const { id } = socket.getUserData();
  if (log === null) send(socket, ack);
  else log.append(frame, () => send(users.get(id), ack));
}

function send(socket: WebSocket<User> | undefined, frame: string): void {
  if (socket === undefined) return;
  if (socket.getUserData().out.push(frame) > 1) return;
  if (dirty.push(socket) === 1) setImmediate(flush);
}

function flush(): void {
  for (const socket of dirty.splice(0)) {
    const { id, out } = socket.getUserData();
    // A socket that closed in the meantime must not be used.
    if (users.get(id) !== socket) continue;
    const frames = out.splice(0);
    socket.cork(() => {
      for (const frame of frames) socket.send(frame, false);
    });
  }
}

function fieldOf(frame: string, field: string): string {
  const start = frame.indexOf(field) + field.length;
  return frame.slice(start, frame.indexOf('"', start));
}
