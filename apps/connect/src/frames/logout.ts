import type { FrameHandler } from './index.ts';

export const handleLogout: FrameHandler<'logout'> = (_node, session) => {
  session.send({ type: 'kicked', reason: 'logged_out' });
  session.close('logged_out');
};
