import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { useState } from 'react';
import { albumRows, shownRatio } from '../../model/files/album-rows.ts';
import { ratioOf } from '../../model/files/file-media.ts';
import { keepRatio, keptRatio } from '../../model/files/kept-ratios.ts';
import { PictureTile } from './picture-tile.tsx';

/** Of a picture whose measures nobody told, until it is loaded. */
const UNKNOWN_RATIO = 4 / 3;
const HIGHEST_REM = 26;

interface AlbumProps {
  message: ChatMessage;
  pictures: readonly AttachedFile[];
  from: string;
}

/** The pictures of a message in rows, each in its own ratio as far as that fits. */
export function PictureAlbum({ message, pictures, from }: AlbumProps) {
  const [, measured] = useState(0);
  const told = (file: AttachedFile, ratio: number) => {
    if (ratioOf(file) === undefined && keepRatio(file.id, ratio)) measured((count) => count + 1);
  };
  const among = pictures.length === 1 ? 'alone' : 'amongOthers';
  const ratio = (file: AttachedFile) => shownRatio(ratioOf(file) ?? keptRatio(file.id) ?? UNKNOWN_RATIO, among);
  const [first] = pictures;
  // A picture alone is as high as fits, and the bubble as wide as that makes it.
  const width = first === undefined || among !== 'alone' ? undefined : `min(26rem, ${HIGHEST_REM * ratio(first)}rem)`;
  return (
    <div className="album" style={{ width }} data-count={pictures.length} data-testid="album">
      {albumRows(pictures).map((row) => (
        <div key={row[0]?.id} className="album-row">
          {row.map((file) => (
            <PictureTile
              key={file.id}
              message={message}
              file={file}
              from={from}
              ratio={ratio(file)}
              measured={(value) => told(file, value)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
