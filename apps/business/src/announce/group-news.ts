import type { DeliveryRouter, RoutedDelivery } from '@chasqui/core';
import { type Clock, type ConversationId, groupLog, type Limits, type UserId } from '@chasqui/domain';
import type { ServerFrame, ServerFrameOf } from '@chasqui/protocol';
import { Paced } from './paced.ts';
import { toLog } from './to-log.ts';

/** How often the mark of one reader is shown to a group, in ms. */
const MARK_MS = 250;

/** A message that a group's log has, and its sender. `push`: the members have not been sent it yet. */
export type StoredInGroup = ServerFrameOf<'stored_messages'>['messages'][number] & {
  from: UserId;
  push?: RoutedDelivery;
};

type ReadMark = ServerFrameOf<'read_mark'>;

/**
 * What is shown to the sessions of a group's members from time to time: one frame has what there is since the last one,
 * so that a busy group costs its members few frames. What a process that ends keeps back is found by the next sync.
 */
export class GroupNews implements AsyncDisposable {
  readonly #stored: Paced<StoredInGroup>;
  readonly #marks: Paced<ReadMark>;

  constructor({ router, clock, limits }: { router: DeliveryRouter; clock: Clock; limits: Limits }) {
    this.#stored = new Paced<StoredInGroup>({
      clock,
      intervalMs: limits.groupStoredMs,
      send(conversationId, stored) {
        const messages = stored.flatMap(({ from: _, push, ...message }) => (push === undefined ? [message] : []));
        const by = stored[0]?.from ?? '';
        const frame: ServerFrame = { type: 'stored_messages', conversationId, messages };
        const told = messages.length === 0 ? [] : [toLog(groupLog(conversationId), by, frame)];
        return router.route([...told, ...stored.flatMap(({ push = [] }) => push)]);
      },
    });
    this.#marks = new Paced<ReadMark>({
      clock,
      intervalMs: MARK_MS,
      send: (_, marks) =>
        router.route(marks.slice(-1).map((mark) => toLog(groupLog(mark.conversationId), mark.by, mark))),
    });
  }

  /** The places of messages in the group's log; those that a node did not push are shown with theirs. */
  stored(conversationId: ConversationId, messages: readonly StoredInGroup[]): void {
    this.#stored.add(conversationId, messages);
  }

  /** How far a member has read; only the newest mark of each is shown. */
  read(mark: Omit<ReadMark, 'type'>): void {
    this.#marks.add(`${mark.conversationId} ${mark.by}`, [{ type: 'read_mark', ...mark }]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#stored[Symbol.asyncDispose](), this.#marks[Symbol.asyncDispose]()]);
  }
}
