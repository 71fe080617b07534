import type { ApiScope } from '@chasqui/domain';

export interface ServerRouteCase {
  /** The scope that the route needs; null: any key. */
  scope: ApiScope | null;
  /** Path with ids in place of the parameters. */
  url?: string;
  payload?: object;
  /** The status of the right call. */
  status: number;
}

const MESSAGE = { from: 'ana', to: 'bob', clientMessageId: 'm1', content: { text: 'from the server' } };

/** Every route of the server API: a test fails if one is missing here. */
export const SERVER_ROUTES: { readonly [operation: string]: ServerRouteCase } = {
  'get /api/server/key': { scope: null, status: 200 },
  // No Connect node is there to send them.
  'post /api/server/messages': { scope: 'messages:send', payload: MESSAGE, status: 503 },
  'post /api/server/messages/batch': { scope: 'messages:send', payload: { messages: [MESSAGE] }, status: 200 },
  'get /api/server/users/{userId}': { scope: 'users:read', url: '/api/server/users/ana', status: 200 },
};

export function serverCallOf(operation: string): { method: 'GET'; url: string } {
  const [method = '', path = ''] = operation.split(' ');
  return { method: method.toUpperCase() as 'GET', url: SERVER_ROUTES[operation]?.url ?? path };
}
