import type { MomentUpdate } from '@chasqui/domain';
import type { Told } from '@chasqui/ports';
import { encodeServerFrame } from '@chasqui/protocol';
import type { ApiContext } from '../context.ts';

/**
 * Pushes a new entry of the author's inbox to the author's connected devices. A device that misses it gets it on the
 * next sync (C10), so a failed push is not an error.
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
