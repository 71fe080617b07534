import type { Interval, MessageId, Position } from '@chasqui/domain';
import type { Delivery } from '@chasqui/ports';
import { encodeFrame, type Subprotocol } from '@chasqui/protocol';

/** A frame for the members of a group, encoded once for each subprotocol that a session of theirs speaks. */
export class GroupFrame {
  readonly text: string;
  readonly exceptSession: string | undefined;
  readonly #messageId: MessageId | undefined;
  #packed: string | Uint8Array | undefined;
  #position: Position | null | undefined;

  constructor({ frame, exceptSession, watch }: Pick<Delivery, 'frame' | 'exceptSession' | 'watch'>) {
    this.text = frame;
    this.exceptSession = exceptSession;
    this.#messageId = watch?.messageId;
  }

  in(subprotocol: Subprotocol): string | Uint8Array {
    if (subprotocol === 'chasqui.v1.json') return this.text;
    this.#packed ??= encodeFrame(JSON.parse(this.text), subprotocol);
    return this.#packed;
  }

  /**
   * Whether it is of the group's log before a stay began (C20): a newcomer may join a node before older frames arrive
   * there. The id of a live message is at most its final one.
   */
  isBefore({ after, afterId }: Interval): boolean {
    if (after === 0) return false;
    if (this.#messageId !== undefined) return this.#messageId <= afterId;
    if (this.#position === undefined) this.#position = positionOf(this.text);
    return this.#position !== null && this.#position <= after;
  }
}

/** The lowest position that the frame tells of. A newcomer who is not shown a frame of older and newer ones syncs. */
function positionOf(text: string): Position | null {
  const { position, messages } = JSON.parse(text) as { position?: Position; messages?: { position: Position }[] };
  return (
    position ?? messages?.reduce((lowest, one) => Math.min(lowest, one.position), Number.POSITIVE_INFINITY) ?? null
  );
}
