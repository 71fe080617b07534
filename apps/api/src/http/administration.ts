import { ImError } from '@chasqui/domain';
import type { ApiContext, ApiServer } from '../context.ts';
import { throttleAdmin } from './throttle.ts';

/**
 * Restricts every route of this scope to the users that the configuration names. Must be called after `requireToken`.
 */
export function requireAdmin(app: ApiServer, context: ApiContext): void {
  const admins = new Set(context.settings.admins);
  app.addHook('onRequest', async ({ userId, method, routeOptions }) => {
    if (!admins.has(userId)) {
      context.logger.warn({ userId, method, route: routeOptions.url }, 'refused a user who is not an administrator');
      throw new ImError('forbidden', 'only administrators may do this');
    }
    await throttleAdmin(context, userId);
  });
}
