import type { MomentId, Picture } from '@chasqui/domain';
import { useState } from 'react';
import { usePicture } from '../hooks/use-picture.ts';
import { useVisible } from '../hooks/use-visible.ts';

/** A picture of a moment, fetched when it is near the viewport; a click shows it in full. */
export function MomentPicture({ momentId, picture, alt }: { momentId: MomentId; picture: Picture; alt: string }) {
  const [frame, isNear] = useVisible<HTMLButtonElement>(400);
  const [whole, setWhole] = useState(false);
  const address = usePicture(momentId, picture.pictureId, isNear);
  return (
    <button
      ref={frame}
      type="button"
      className="moment-picture"
      data-whole={whole}
      aria-label={alt}
      aria-expanded={whole}
      onClick={() => setWhole(!whole)}
    >
      {address !== '' && <img src={address} alt="" data-testid="moment-picture" />}
    </button>
  );
}
