import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { useState } from 'react';
import { usePicture } from '../../hooks/files/use-picture.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useVisible } from '../../hooks/use-visible.ts';
import { locale, texts } from '../../i18n/index.ts';
import { fileSize } from '../../model/files/file-size.ts';
import { isLarge } from '../../model/files/thumbnails.ts';
import { Icon } from '../icon.tsx';
import { blurred } from './blurred.ts';

/** The longest side of a picture in a bubble, in pixels of a sharp screen. */
const TILE_SIDE = 720;

interface TileProps {
  message: ChatMessage;
  file: AttachedFile;
  from: string;
  /** Width by height of its place. */
  ratio: number;
  measured: (ratio: number) => void;
}

/** A picture in a message, loaded when it is near the viewport. A click shows it on the whole screen. */
export function PictureTile({ message, file, from, ratio, measured }: TileProps) {
  const { viewed } = useMessenger().files;
  const [place, isNear] = useVisible<HTMLButtonElement>(600);
  const [asked, setAsked] = useState(false);
  const [broken, setBroken] = useState(false);
  const [drawn, setDrawn] = useState(false);
  // Without a thumbnail it is loaded when the user asks.
  const isLight = !isLarge(file, TILE_SIDE);
  const { address, failed, retry } = usePicture(message, file, {
    wanted: isNear && (isLight || asked),
    side: TILE_SIDE,
  });
  const { messageId } = message;
  const label = texts.files.pictureOf(from, file.name);

  function clicked(): void {
    if (failed) retry();
    else if (address === undefined) setAsked(true);
    else if (messageId !== '') viewed.set({ messageId, fileId: file.id });
  }

  return (
    <button
      ref={place}
      type="button"
      className="picture-tile"
      // Together, all that grows must be 1 at least, to fill the row.
      style={{
        aspectRatio: ratio,
        flexGrow: 100 * ratio,
        ...blurred(drawn && address !== undefined ? undefined : file),
      }}
      aria-label={label}
      aria-haspopup="dialog"
      onClick={clicked}
      data-testid="picture"
      data-loaded={address !== undefined}
    >
      {address !== undefined && !broken && (
        <img
          src={address}
          alt=""
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            setDrawn(true);
            if (naturalHeight > 0) measured(naturalWidth / naturalHeight);
          }}
          onError={() => setBroken(true)}
        />
      )}
      {address === undefined && (!isLight || failed) && (
        <span className="tile-note">
          <Icon name={failed ? 'again' : 'down'} />
          {failed ? texts.files.loadFailed : fileSize(file.size, locale)}
        </span>
      )}
      {broken && <span className="tile-note">{file.name}</span>}
    </button>
  );
}
