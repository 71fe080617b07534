import type { AttachmentId } from '@chasqui/domain';
import { platformClock, platformRandom } from '../basics/platform.ts';
import type { Attachments, AttachmentsOptions, FileLink, Pictures, PicturesOptions } from '../uploads.ts';
import { attachmentCall } from './attachment-api.ts';
import { FileUpload } from './file-upload.ts';
import { profilePictures } from './profile-pictures.ts';

/** Uploads and downloads beside a client; it needs no connection: only `nodesUrl` and the token of that client. */
export function attachments(options: AttachmentsOptions): Attachments {
  const {
    nodesUrl,
    token,
    pieceBytes = 4 * 1024 * 1024,
    parallel = 3,
    clock = platformClock,
    random = platformRandom,
  } = options;
  const ask: typeof fetch = options.fetch ?? ((...args) => fetch(...args));
  const call = attachmentCall(nodesUrl, token, ask);
  const sleep = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const waiting: FileUpload[] = [];
  let running = 0;
  const next = () => {
    while (running < parallel) {
      const upload = waiting.shift();
      if (upload === undefined) return;
      running++;
      void upload.run().finally(() => {
        running--;
        next();
      });
    }
  };
  return {
    upload(file, more = {}) {
      const upload = new FileUpload({ ...more, file, call, ask, pieceBytes, random, sleep });
      waiting.push(upload);
      next();
      return upload;
    },
    read: (message, id, range) =>
      call(
        'GET',
        pathOf(message, id),
        range === undefined ? {} : { headers: { range: `bytes=${range[0]}-${range[1]}` } },
      ),
    thumbnail: (message, id, size) => call('GET', `${pathOf(message, id)}?size=${size}`),
    async link(message, id, { size, save = false } = {}) {
      const asked = `${pathOf(message, id)}/link?save=${save}${size === undefined ? '' : `&size=${size}`}`;
      const { url, expiresAt } = (await (await call('POST', asked)).json()) as FileLink;
      // An address of a store is whole; a path of the API is beside `nodesUrl`.
      return { url: url.replace(/^\/api\//, () => nodesUrl.replace(/nodes$/, '')), expiresAt };
    },
  };
}

function pathOf({ conversationId, messageId }: Parameters<Attachments['read']>[0], id: AttachmentId): string {
  return `conversations/${encodeURIComponent(conversationId)}/messages/${messageId}/attachments/${id}`;
}

/** The pictures of users and groups, beside a client: sets them, and says where they are to be seen. */
export function pictures(options: PicturesOptions): Pictures {
  return profilePictures(options);
}
