import { defined } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';

export const handlePing: FrameHandler<'ping'> = (node, session, { ref }) => {
  session.send({ type: 'pong', serverTime: node.clock.now(), ...defined({ ref }) });
};
