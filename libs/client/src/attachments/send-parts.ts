import { ImError } from '@chasqui/domain';
import type { SendTask } from './send-pieces.ts';

/** What the server says of the parts that the store does not have, with signed addresses for the next ones. */
export interface MissingParts {
  sent: number;
  parts: { from: number; size: number; url: string }[];
}

/** Puts the missing parts of a file into the server's store. `missing`: what the server said already. */
export async function sendParts({
  path,
  file,
  call,
  ask,
  signal,
  show,
  missing,
}: SendTask & { missing?: MissingParts }): Promise<void> {
  for (let now = missing ?? (await sign()); now !== null && now.parts.length > 0; now = await sign()) {
    let { sent } = now;
    show(sent);
    for (const { from, size, url } of now.parts) {
      await put(url, file.slice(from, from + size));
      sent += size;
      show(sent);
    }
  }

  /** Null: the store takes no more, as an earlier run has completed it. */
  async function sign(): Promise<MissingParts | null> {
    try {
      return await (await call('POST', `${path}/parts`, { signal })).json();
    } catch (error) {
      if (error instanceof ImError && error.code === 'upload_conflict') return null;
      throw error;
    }
  }

  /** Without a type: it is not signed, and need not be allowed to pages of other origins. */
  async function put(url: string, body: Blob): Promise<void> {
    const asked = { method: 'PUT', body: new Blob([body]), signal };
    const answer = await ask(url, asked).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new ImError('connection_closed', 'the store of files does not answer', {}, error);
    });
    await answer.body?.cancel();
    // Addresses expire: the next try has new ones.
    if (!answer.ok) throw new ImError('connection_closed', `the store of files answered ${answer.status}`);
  }
}
