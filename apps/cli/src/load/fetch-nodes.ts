import { ImError } from '@chasqui/domain';

const ANSWER_MS = 5_000;

/** The WebSocket addresses of a server's nodes, sorted: their own ports, not the one that they share. Errors: `connection_closed` when the server does not answer. */
export async function fetchNodes(server: string): Promise<string[]> {
  const url = `${server}/api/nodes`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return ((await response.json()) as { wsUrl: string; directUrl?: string }[])
      .map(({ wsUrl, directUrl }) => directUrl ?? wsUrl)
      .sort();
  } catch (error) {
    throw new ImError('connection_closed', `${url} returned no nodes`, {}, error);
  }
}
