import type { MomentUpdate } from '@chasqui/domain';
import type { Told } from '@chasqui/ports';
import { encodeServerFrame } from '@chasqui/protocol';
import type { ApiContext } from '../context.ts';

/**
 * Pushes what the author's inbox has got to the author's devices that are here now. One that misses it finds it by the
 * next sync (C10): nothing fails for want of it.
 */
export async function tellAuthor(
  { router, logger }: Pick<ApiContext, 'router' | 'logger'>,
  { author, position }: Told,
  update: MomentUpdate,
): Promise<void> {
  if (position === null) return;
  try {
    await router.route([{ userId: author, frame: encodeServerFrame({ ...update, position }) }]);
  } catch (error) {
    logger.debug({ err: error }, 'the author of a moment will learn of a reply at the next sync');
  }
}
