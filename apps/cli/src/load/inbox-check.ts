import { ImError } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { LoadCrowd, LoadTarget } from './load-crowd.ts';
import { RawSocket } from './raw-socket.ts';
import type { LoadResult } from './run-load.ts';

/** The messages of a run that the receivers' inboxes hold. */
export interface InboxCheck {
  /** Messages of the run that were acked *queued* and are in no inbox (C3). */
  missing: number;
  /** Messages that an inbox holds more than once (C4). */
  twice: number;
  /** Messages of the run in the inboxes. */
  found: number;
}

type Page = ServerFrameOf<'offline_messages'>;

/** Reads every receiver's inbox from its beginning, on a device of its own, and compares it with the acks of a run. */
export async function checkInboxes(
  target: LoadTarget,
  { pairs }: LoadCrowd,
  { tally, run }: Pick<LoadResult, 'tally' | 'run'>,
): Promise<InboxCheck> {
  const times = new Uint8Array(tally.sent);
  for (const [index, { receiver }] of pairs.entries()) {
    const url = target.nodes[index % target.nodes.length] ?? '';
    const token = await target.token(receiver.userId);
    await readInbox(url, { token, userId: receiver.userId }, ({ updates }) => {
      for (const update of updates) {
        if (update.type !== 'chat') continue;
        const number = run.numberOf(update.clientMessageId);
        if (number !== undefined) times[number] = (times[number] ?? 0) + 1;
      }
    });
  }
  const check: InboxCheck = { missing: 0, twice: 0, found: 0 };
  for (const [number, count] of times.entries()) {
    if (count > 0) check.found++;
    else if (tally.has(number, 'queued')) check.missing++;
    if (count > 1) check.twice++;
  }
  return check;
}

/** Yields pages until one is the last. */
export async function readInbox(
  url: string,
  { token, userId }: { token: string; userId: string },
  take: (page: Page) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = await RawSocket.open(url, {
    text(payload) {
      const frame = JSON.parse(payload.toString()) as Page | ServerFrameOf<'error'>;
      if (frame.type === 'error') reject(new ImError(frame.code, frame.message));
      if (frame.type !== 'offline_messages') return;
      take(frame);
      if (frame.caughtUp) resolve();
      else socket.send(JSON.stringify({ type: 'sync_offline_messages', position: frame.position, limit: 500 }));
    },
    turn: () => socket.flush(),
    closed: (code) => reject(new ImError('connection_closed', `closed with ${code}`)),
  });
  socket.send(JSON.stringify({ type: 'login', token, deviceId: `check-${userId}`, platform: 'bench', position: 0 }));
  socket.flush();
  await promise.finally(() => socket.destroy());
}
