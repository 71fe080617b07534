import { ImError } from '@chasqui/domain';
import type { FileScanner, ScanVerdict } from '@chasqui/ports';

const MAX_ANSWER = 64 * 1024;

/**
 * A scanner behind HTTP: `POST` of the bytes, answered with 200 and `{"infected": false}` or `{"infected": true, "name":
 * "…"}`, or with 413 if the file is too large for it.
 */
export function createHttpScanner({ url, timeoutMs }: { url: string; timeoutMs: number }): FileScanner {
  return {
    async scan(pieces, size) {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
          body: pieces as never,
          duplex: 'half',
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        } as RequestInit);
        if (answer.status === 413) {
          await answer.body?.cancel();
          return { result: 'too_large' };
        }
        const text = await answer.text();
        if (answer.status !== 200 || text.length > MAX_ANSWER) throw new Error(`it answers ${answer.status}`);
        return verdictOf(JSON.parse(text));
      } catch (error) {
        // Of the pieces: the store is away.
        const { cause } = error as Error;
        if (cause instanceof ImError) throw cause;
        throw new ImError('engine_unavailable', 'the scanner does not answer', {}, error);
      }
    },
    async ping() {
      try {
        // Whatever it says: it scans by POST alone.
        const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
        await answer.body?.cancel();
      } catch (error) {
        throw new ImError('engine_unavailable', 'the scanner does not answer', {}, error);
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

function verdictOf({ infected, name }: { infected?: unknown; name?: unknown }): ScanVerdict {
  if (infected === false) return { result: 'clean' };
  if (infected === true) return { result: 'infected', name: typeof name === 'string' ? name.slice(0, 200) : 'unknown' };
  throw new Error('it does not say whether the file is infected');
}
