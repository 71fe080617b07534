import type { ChatMessage } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { type SyntheticEvent, useRef, useState } from 'react';
import type { HeldFile } from '../../live/files/file-cache.ts';
import { ResumingPlayer } from '../../model/files/resuming-player.ts';
import { useMessenger } from '../use-messenger.ts';
import { useFile } from './use-file.ts';
import { useLink } from './use-link.ts';

type MediaEvent = SyntheticEvent<HTMLMediaElement>;

export interface PlayedFile {
  /** Undefined: it cannot be played yet. */
  address: string | undefined;
  /** Its bytes, if they are in this page. */
  held: HeldFile | undefined;
  /** Nothing came; see `retry`. */
  failed: boolean;
  retry: () => void;
  /** The browser cannot play it. */
  broken: boolean;
  /** Of the element that plays it. */
  events: { onError: (event: MediaEvent) => void; onLoadedMetadata: (event: MediaEvent) => void };
}

/**
 * A sound or a video that is played from the server, in ranges, as far as it is heard or seen. When its link has ended, it
 * goes on with another from where it was. `isHeld`: it is small, and loaded as a whole. What this page has sent is here.
 */
export function usePlayed(
  message: ChatMessage,
  file: AttachedFile,
  { wanted, isHeld = false }: { wanted: boolean; isHeld?: boolean },
): PlayedFile {
  const { files } = useMessenger();
  const [isHere] = useState(() => isHeld || files.cache.has(file.id));
  const [broken, setBroken] = useState(false);
  const player = useRef(new ResumingPlayer());
  const loaded = useFile(message, file, { wanted: wanted && isHere });
  const link = useLink(message, file, wanted && !isHere);
  return {
    address: isHere ? loaded.held?.address : link.address,
    held: loaded.held,
    failed: isHere ? loaded.failed : link.failed,
    retry: isHere ? loaded.retry : link.renew,
    broken,
    events: {
      onError({ currentTarget }) {
        if (isHere || !player.current.mayGoOn(currentTarget)) setBroken(true);
        else link.renew();
      },
      onLoadedMetadata: ({ currentTarget }) => player.current.goOn(currentTarget),
    },
  };
}
