import { ReadOnlyMode } from '@chasqui/core';
import { defined } from '@chasqui/domain';
import type { ApiContext, ApiServer } from '../context.ts';

const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** Who logs in may read. */
const LOG_IN: readonly string[] = ['/api/auth/login', '/api/auth/refresh'];

/** While the server is being moved, requests that change something are refused. Errors: `read_only`. */
export function refuseChangesOfMoved(app: ApiServer, { movable, clock, logger }: ApiContext): void {
  const mode = new ReadOnlyMode({ ...defined({ movable }), clock, logger });
  app.addHook('onRequest', async ({ method, routeOptions }) => {
    if (READS.includes(method) || LOG_IN.includes(routeOptions.url ?? '')) return;
    await mode.refresh();
    mode.refuseChange();
  });
}
