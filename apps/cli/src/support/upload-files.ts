import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { attachments } from '@chasqui/client/attachments';
import { ImError } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import { answerOf } from './api-answer.ts';
import { type FileLine, pathBelow } from './file-lines.ts';
import { whileAway } from './while-away.ts';

export interface UploadTarget {
  server: string;
  key: string;
  /** Where the bytes are. */
  folder: string;
}

/** Files that are uploaded at once. */
const AT_ONCE = 3;

/**
 * Uploads the files that lie beside an import, each under its id and as its owner. Those that are there already are left,
 * so that an import may be repeated. `refused`: told of each that is not taken. Errors: `connection_closed`.
 */
export async function uploadFiles(
  target: UploadTarget,
  lines: readonly FileLine[],
  refused: (line: FileLine, error: ImError) => void,
): Promise<void> {
  // The same file may be told of several times.
  const distinct = new Map(lines.map((line) => [line.id, line]));
  await inParallel(distinct.values(), AT_ONCE, async (line) => {
    try {
      await uploadOne(target, line);
    } catch (error) {
      const refusal = ImError.from(error);
      if (refusal.retry !== 'never') throw error;
      refused(line, refusal);
    }
  });
}

async function uploadOne({ server, key, folder }: UploadTarget, line: FileLine): Promise<void> {
  const { id, owner } = line;
  const asOwner: typeof fetch = (url, init = {}) => {
    const headers = new Headers(init.headers);
    // Not to the store of files, whose addresses are signed.
    if (String(url).startsWith(`${server}/api/server/`)) headers.set('chasqui-actor', owner);
    return fetch(url, { ...init, headers });
  };
  const call = (method: string, path: string, body?: object) => asked(asOwner, { server, key, method, path, body });
  const known = await call('GET', `attachments/${id}`).catch((error: unknown) => {
    if (ImError.from(error).code !== 'not_found') throw error;
    return null;
  });
  if (known?.state === 'ready') return;
  const path = await pathOf(folder, line);
  const { name = basename(path), mediaType: type = 'application/octet-stream', media } = line;
  const file = { id, name, type, ...(await readable(path, async () => factsOf(path))) };
  await call('POST', 'attachments', { ...file, ...(media && { media: announced(media) }) });
  const uploads = attachments({ nodesUrl: `${server}/api/server/nodes`, token: key, fetch: asOwner });
  await uploads.upload(await openAsBlob(path), { id }).done;
}

/** Errors: `invalid_request` if there is none in the folder, to which links out of it lead as well. */
async function pathOf(folder: string, line: FileLine): Promise<string> {
  const named = join(folder, ...pathBelow(line));
  const [root, path] = await readable(named, () => Promise.all([realpath(folder), realpath(named)]));
  if (path.startsWith(root + sep)) return path;
  throw new ImError('invalid_request', `${named} leads out of the folder`, { field: 'path' });
}

async function factsOf(path: string) {
  return { size: (await stat(path)).size, sha256: await digestOf(path) };
}

/** Errors: `invalid_request`, with the path and what the system says of it: a fault of the line, not of the import. */
async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no file ${path}` : `the file ${path} cannot be read (${code})`;
    throw new ImError('invalid_request', why, { field: 'path' }, error);
  }
}

/** What a client may announce of what an export tells. */
function announced(media: object): object {
  const { width, height, durationMs, waveform, thumbHash } = media as { [fact: string]: unknown };
  return JSON.parse(JSON.stringify({ width, height, durationMs, waveform, thumbHash }));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

interface Asked {
  server: string;
  key: string;
  method: string;
  path: string;
  body: object | undefined;
}

/** Errors: the server's refusal; `connection_closed`. */
async function asked(ask: typeof fetch, { server, key, method, path, body }: Asked): Promise<{ state?: string }> {
  const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const url = `${server}/api/server/${path}`;
  return (await whileAway(() => answerOf(server, ask(url, init)))) as { state?: string };
}
