import { type ClientOf, createClient } from '@chasqui/client';
import { groups } from '@chasqui/client/groups';

/** Calls the back end. */
async function post<T>(path: string): Promise<T> {
  const response = await fetch(path, { method: 'POST' });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

/** Logs the user in at the back end, and makes the client of this browser. */
export async function openChat(user: string): Promise<ClientOf<'groups'>> {
  const chatToken = () => post<{ token: string; nodesUrl: string }>('/chat-token');
  await post(`/session?user=${encodeURIComponent(user)}`);
  const { nodesUrl } = await chatToken();
  localStorage.device ??= crypto.randomUUID();
  return createClient({
    groups: groups(),
    nodesUrl,
    deviceId: localStorage.device,
    platform: 'web',
    token: async () => (await chatToken()).token, // called again whenever a token has expired
  });
}
