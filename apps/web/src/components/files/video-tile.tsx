import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { useState } from 'react';
import { usePicture } from '../../hooks/files/use-picture.ts';
import { usePlayed } from '../../hooks/files/use-played.ts';
import { useVisible } from '../../hooks/use-visible.ts';
import { locale, texts } from '../../i18n/index.ts';
import { shownRatio } from '../../model/files/album-rows.ts';
import { clockTime } from '../../model/files/clock-time.ts';
import { mediaOf, ratioOf } from '../../model/files/file-media.ts';
import { fileSize } from '../../model/files/file-size.ts';
import { Icon } from '../icon.tsx';
import { blurred } from './blurred.ts';
import { FileRow } from './file-row.tsx';

const VIDEO_RATIO = 16 / 9;
const POSTER_SIDE = 720;
const HIGHEST_REM = 26;

/** A video, which begins to play before it is loaded. */
export function VideoTile({ message, file, from }: { message: ChatMessage; file: AttachedFile; from: string }) {
  const [place, isNear] = useVisible<HTMLDivElement>(600);
  const [asked, setAsked] = useState(false);
  const { durationMs, thumbnails = [] } = mediaOf(file);
  const hasPoster = thumbnails.length > 0;
  const poster = usePicture(message, file, { wanted: isNear && hasPoster && !asked, side: POSTER_SIDE });
  const { address, failed, broken, retry, events } = usePlayed(message, file, { wanted: asked });
  const ratio = shownRatio(ratioOf(file) ?? VIDEO_RATIO);
  if (broken) return <FileRow message={message} file={file} />;
  const label = texts.files.videoOf(from, file.name);
  return (
    <div
      ref={place}
      className="video-tile"
      style={{ aspectRatio: ratio, width: `min(26rem, ${HIGHEST_REM * ratio}rem)` }}
      data-testid="video"
    >
      {address !== undefined ? (
        <video src={address} controls autoPlay playsInline aria-label={label} {...events} />
      ) : (
        <button
          type="button"
          className="video-start"
          style={blurred(poster.address === undefined ? file : undefined)}
          aria-label={`${label}. ${texts.files.playVideo(fileSize(file.size, locale))}`}
          onClick={failed ? retry : () => setAsked(true)}
          data-testid="video-start"
        >
          {poster.address !== undefined && <img src={poster.address} alt="" />}
          <span className="video-sign">
            <Icon name={failed ? 'again' : 'play'} />
          </span>
          <span className="tile-note">
            {durationMs !== undefined && `${clockTime(durationMs / 1000)} · `}
            {failed ? texts.files.loadFailed : fileSize(file.size, locale)}
          </span>
          {asked && !failed && <progress aria-label={texts.files.downloading} />}
        </button>
      )}
    </div>
  );
}
