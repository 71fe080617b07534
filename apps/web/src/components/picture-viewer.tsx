import { useEffect, useRef } from 'react';
import { texts } from '../i18n/index.ts';
import { Icon } from './icon.tsx';

export interface PictureViewerProps {
  /** The picture's URL. */
  address: string;
  alt: string;
  close: () => void;
}

/** One picture on the whole screen. Esc or a click anywhere closes it. */
export function PictureViewer({ address, alt, close }: PictureViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const end = () => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a dialog.
    <dialog ref={dialog} className="viewer" aria-label={alt} onClick={end} onClose={close} data-testid="viewer">
      <button type="button" className="icon-button viewer-close" aria-label={texts.close} data-testid="viewer-close">
        <Icon name="close" />
      </button>
      <img src={address} alt={alt} />
    </dialog>
  );
}
