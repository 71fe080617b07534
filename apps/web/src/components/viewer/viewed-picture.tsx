import { type RefObject, useImperativeHandle, useRef } from 'react';
import { usePicture } from '../../hooks/files/use-picture.ts';
import { type UsedZoom, useZoom } from '../../hooks/files/use-zoom.ts';
import { texts } from '../../i18n/index.ts';
import type { PlacedPicture } from '../../model/files/pictures-of.ts';

/** What keys and buttons do with the picture. */
export type ZoomKeys = Pick<UsedZoom, 'by' | 'fit'>;

interface ViewedPictureProps {
  picture: PlacedPicture;
  label: string;
  keys: RefObject<ZoomKeys | null>;
  swiped: (to: -1 | 1) => void;
}

/** The picture itself, which can be enlarged and moved. Until all of it is loaded, its small version is shown. */
export function ViewedPicture({ picture: { message, file }, label, keys, swiped }: ViewedPictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { zoom, by, fit, handlers } = useZoom(frame, swiped);
  useImperativeHandle(keys, () => ({ by, fit }));
  const small = usePicture(message, file, { wanted: true, side: SMALL_SIDE });
  const whole = usePicture(message, file, { wanted: true });
  const { address } = whole.address === undefined ? small : whole;
  return (
    <div ref={frame} className="viewer-frame" {...handlers} data-zoomed={zoom.scale > 1} data-testid="viewer-frame">
      {address !== undefined ? (
        <img
          src={address}
          alt={label}
          draggable={false}
          style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
          data-testid="viewer-picture"
          data-scale={zoom.scale.toFixed(2)}
        />
      ) : (
        <p role="status">{whole.failed ? texts.files.loadFailed : texts.loading}</p>
      )}
    </div>
  );
}

/** As in the bubble, so that it is here already. */
const SMALL_SIDE = 720;
