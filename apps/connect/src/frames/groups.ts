import { sendHeads } from '../groups/group-heads.ts';
import type { FrameHandler } from './frame-handler.ts';

export const handleGroups: FrameHandler<'groups'> = (node, session, frame) => sendHeads(node, session, frame);
