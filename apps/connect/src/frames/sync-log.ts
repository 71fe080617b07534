import { defined, ImError, visibleIntervals } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';
import { payForPage, untilAffordable } from './sync.ts';

/** Sends one page of a group's log, of what the user may see (C20). */
export const handleSyncLog: FrameHandler<'sync'> = async (node, session, frame) => {
};
