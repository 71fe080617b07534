import type { FullClient, Pictures } from '@chasqui/client';
import { attachments, pictures } from '@chasqui/client/attachments';
import type { AttachmentId, MessageId, UserId } from '@chasqui/domain';
import type { Api } from '../../api.ts';
import { Store } from '../../store.ts';
import { NODES_URL } from '../nodes.ts';
import { server } from '../page-database.ts';
import { FileCache } from './file-cache.ts';
import { FileReader } from './file-reader.ts';
import { keptUploads } from './kept-uploads.ts';
import { LastKinds } from './last-kinds.ts';
import { measuredMedia } from './measured-media.ts';
import { OutgoingFiles } from './outgoing-files.ts';
import { Trays } from './trays.ts';
import { Uploader } from './uploader.ts';

/** The picture that is shown on the whole screen. */
export interface Viewed {
  messageId: MessageId;
  fileId: AttachmentId;
}

/** Everything that the page has of files. */
export interface PageFiles {
  readonly trays: Trays;
  readonly outgoing: OutgoingFiles;
  readonly cache: FileCache;
  readonly reader: FileReader;
  readonly kinds: LastKinds;
  readonly viewed: Store<Viewed | null>;
  /** Those of users and groups. */
  readonly pictures: Pictures;
  close(stays: boolean): void;
}

/** Smaller than the library's, so that progress is seen. */
const PIECE_BYTES = 1024 * 1024;

export function openFiles(me: UserId, api: Api, client: FullClient, signal: AbortSignal): PageFiles {
  const place = { nodesUrl: NODES_URL, token: () => api.accessToken() };
  const files = attachments({ ...place, pieceBytes: PIECE_BYTES });
  const cache = new FileCache();
  const name = `${server()} files of ${me}`;
  const parts = {
    client,
    cache,
    name,
    uploader: new Uploader({ api, attachments: files, measure: measuredMedia }),
    kept: keptUploads(name),
  };
  const outgoing = new OutgoingFiles(parts, signal);
  void outgoing.restore();
  return {
    trays: new Trays(),
    outgoing,
    cache,
    reader: new FileReader(files),
    kinds: new LastKinds(api, client),
    viewed: new Store<Viewed | null>(null),
    pictures: pictures({ ...place, files }),
    close: (stays) => {
      cache.close();
      if (!stays) void outgoing.forget().catch(() => undefined);
    },
  };
}
