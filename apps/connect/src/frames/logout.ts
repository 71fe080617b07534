import type { FrameHandler } from './frame-handler.ts';

export const handleLogout: FrameHandler<'logout'> = (_node, session) => {
  session.send({ type: 'kicked', reason: 'logged_out' });
  session.close('logged_out');
};
