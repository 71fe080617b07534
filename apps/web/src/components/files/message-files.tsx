import type { ChatMessage } from '@chasqui/client';
import { fileKind } from '../../model/files/file-kind.ts';
import { FileRow } from './file-row.tsx';
import { PictureAlbum } from './picture-album.tsx';
import { SoundFile } from './sound-file.tsx';
import { VideoTile } from './video-tile.tsx';

/** The files of a message: its pictures as an album, then the others as they are named. `from`: the sender's name. */
export function MessageFiles({ message, from }: { message: ChatMessage; from: string }) {
  const { attachments = [] } = message.content;
  if (attachments.length === 0) return null;
  const pictures = attachments.filter((file) => fileKind(file) === 'picture');
  const others = attachments.filter((file) => fileKind(file) !== 'picture');
  return (
    <div className="message-files" data-testid="message-files">
      {pictures.length > 0 && <PictureAlbum message={message} pictures={pictures} from={from} />}
      {others.map((file) => {
        const kind = fileKind(file);
        if (kind === 'video') return <VideoTile key={file.id} message={message} file={file} from={from} />;
        if (kind === 'sound') return <SoundFile key={file.id} message={message} file={file} />;
        return <FileRow key={file.id} message={message} file={file} />;
      })}
    </div>
  );
}
