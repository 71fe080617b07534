import type { ApiScope } from '@chasqui/domain';
import { ALL_SCOPES, makeKey } from '../api/access/api-keys.ts';
import type { TestCluster } from '../cluster/cluster.ts';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look at what they need.
  body: any;
}

/** Calls the server API of a cluster with a key of these scopes. Absent: all. */
export async function serverApi({ running }: Pick<TestCluster, 'running'>, scopes: readonly ApiScope[] = ALL_SCOPES) {
  const key = await makeKey({ deps: running.engines }, { scopes });
  return async (method: string, path: string, body?: object, headers: object = {}): Promise<Answer> => {
    const response = await fetch(`${running.url}/api/server${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
}
