import type { ChatMessage } from '@chasqui/client';
import { type AttachedFile, defined } from '@chasqui/domain';
import { useState } from 'react';
import { usePlayed } from '../../hooks/files/use-played.ts';
import { useVisible } from '../../hooks/use-visible.ts';
import { texts } from '../../i18n/index.ts';
import { mediaOf } from '../../model/files/file-media.ts';
import { isVoice } from '../../model/files/recording-type.ts';
import { FileRow } from './file-row.tsx';
import { SoundPlayer } from './sound-player.tsx';

/** Sounds up to this size are loaded as pictures are, for their waveform and length. */
const UNASKED_BYTES = 512 * 1024;

/** A voice message, or another sound, which has a name and can be saved. */
export function SoundFile({ message, file }: { message: ChatMessage; file: AttachedFile }) {
  const [place, isNear] = useVisible<HTMLDivElement>(300);
  const [asked, setAsked] = useState(false);
  const { durationMs, waveform } = mediaOf(file);
  const told = defined({ seconds: durationMs === undefined ? undefined : durationMs / 1000, waveform });
  const isLight = file.size <= UNASKED_BYTES;
  const played = usePlayed(message, file, { wanted: asked || (isNear && isLight), isHeld: isLight });
  const voice = isVoice(file);
  return (
    <div ref={place} className="sound-file">
      <SoundPlayer
        label={voice ? texts.files.kinds.voice : `${texts.files.kinds.sound}: ${file.name}`}
        played={played}
        told={told}
        asked={asked}
        load={played.failed ? played.retry : () => setAsked(true)}
      />
      {!voice && <FileRow message={message} file={file} />}
    </div>
  );
}
