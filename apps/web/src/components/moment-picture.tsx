import type { MomentId, Picture, PictureId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useVisible } from '../hooks/use-visible.ts';
import { PictureViewer } from './picture-viewer.tsx';

/** A picture of a moment, fetched when it is near the viewport; a click shows it on the whole screen. */
export function MomentPicture({ momentId, picture, alt }: { momentId: MomentId; picture: Picture; alt: string }) {
  const [frame, isNear] = useVisible<HTMLButtonElement>(400);
  const [whole, setWhole] = useState(false);
  const address = usePicture(momentId, picture.pictureId, isNear);
  return (
    <>
      <button
        ref={frame}
        type="button"
        className="moment-picture"
        aria-label={alt}
        aria-haspopup="dialog"
        onClick={() => setWhole(address !== '')}
      >
        {address !== '' && <img src={address} alt="" data-testid="moment-picture" />}
      </button>
      {whole && <PictureViewer address={address} alt={alt} close={() => setWhole(false)} />}
    </>
  );
}

/** An object URL of the picture, because its own address needs the token; empty until it is loaded. */
function usePicture(momentId: MomentId, pictureId: PictureId, wanted: boolean): string {
  const { api } = useMessenger();
  const [address, setAddress] = useState('');
  useEffect(() => {
    if (!wanted) return;
    let made = '';
    let isLeft = false;
    api.picture(`/api/moments/${momentId}/pictures/${pictureId}`).then(
      (blob) => {
        if (isLeft) return;
        made = URL.createObjectURL(blob);
        setAddress(made);
      },
      () => undefined,
    );
    return () => {
      isLeft = true;
      if (made !== '') URL.revokeObjectURL(made);
    };
  }, [api, momentId, pictureId, wanted]);
  return address;
}
