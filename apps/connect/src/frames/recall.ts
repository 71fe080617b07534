import type { FrameHandler } from './frame-handler.ts';
import { publishAction } from './publish-action.ts';

/**
 * Business decides, as only it knows the message. It announces the recall to everybody who has the message, or refuses
 * it to this session.
 */
export const handleRecall: FrameHandler<'recall'> = (node, session, frame) =>
  publishAction(node, session, frame, { action: 'recall' });
