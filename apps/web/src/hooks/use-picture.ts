import type { MomentId, PictureId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import { useMessenger } from './use-messenger.ts';

/** An object URL of the picture, because its own address needs the token; empty until it is loaded. */
export function usePicture(momentId: MomentId, pictureId: PictureId, wanted: boolean): string {
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
