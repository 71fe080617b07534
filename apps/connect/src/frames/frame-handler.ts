import type { ClientFrameOf, ClientFrameType } from '@chasqui/protocol';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';

/** Handles one type of frame. Throws or rejects with the `ImError` that the client gets. */
export type FrameHandler<T extends ClientFrameType> = (
  node: NodeContext,
  session: Session,
  frame: ClientFrameOf<T>,
) => void | Promise<void>;
