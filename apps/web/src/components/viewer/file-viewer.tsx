import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useBackCloses } from '../../hooks/files/use-back-closes.ts';
import { useNames } from '../../hooks/use-names.ts';
import { locale, texts } from '../../i18n/index.ts';
import type { Chat } from '../../live/chat.ts';
import type { PlacedPicture } from '../../model/files/pictures-of.ts';
import { Icon } from '../icon.tsx';
import { ViewedPicture, type ZoomKeys } from './viewed-picture.tsx';
import { ViewerBar } from './viewer-bar.tsx';

interface FileViewerProps {
  chat: Chat;
  picture: PlacedPicture;
  /** Its place among the loaded pictures of the conversation, from 0. */
  at: number;
  count: number;
  goTo: (at: number) => void;
  close: () => void;
}

const STEP = 1.5;

/** A picture on the whole screen, with those before and after it in the conversation. */
export function FileViewer({ chat, picture, at, count, goTo, close }: FileViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const keys = useRef<ZoomKeys>(null);
  const nameOf = useNames(chat);
  const { message, file } = picture;
  const from = message.mine ? texts.you : nameOf(message.from);
  useBackCloses(close);

  useEffect(() => {
    // A modal dialog keeps the focus within, and gives it back to the picture in the conversation.
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  function keyPressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const factor = { '+': STEP, '=': STEP, '-': 1 / STEP }[key];
    if (step !== undefined) goTo(at + step);
    else if (factor !== undefined) keys.current?.by(factor);
    else if (key === '0') keys.current?.fit();
    else return;
    event.preventDefault();
  }

  return (
    <dialog
      ref={dialog}
      className="file-viewer"
      aria-label={texts.files.viewer}
      onClose={close}
      onKeyDown={keyPressed}
      data-testid="file-viewer"
    >
      <ViewerBar picture={picture} from={from} zoom={(factor) => keys.current?.by(factor)} close={close} />
      <ViewedPicture
        key={`${message.messageId}/${file.id}`}
        picture={picture}
        label={texts.files.pictureOf(from, file.name)}
        keys={keys}
        swiped={(to) => goTo(at + to)}
      />
      {at > 0 && (
        <button
          type="button"
          className="icon-button viewer-previous"
          aria-label={texts.files.previous}
          onClick={() => goTo(at - 1)}
          data-testid="viewer-previous"
        >
          <Icon name="back" />
        </button>
      )}
      {at < count - 1 && (
        <button
          type="button"
          className="icon-button viewer-next"
          aria-label={texts.files.next}
          onClick={() => goTo(at + 1)}
          data-testid="viewer-next"
        >
          <Icon name="forth" />
        </button>
      )}
      <p className="viewer-note" role="status">
        {message.content.text !== undefined && <span className="viewer-text">{message.content.text}</span>}
        <span className="small" data-testid="viewer-place">
          {texts.files.place(at + 1, count)} · {new Intl.DateTimeFormat(locale, DATE).format(message.sentAt)}
        </span>
      </p>
    </dialog>
  );
}

const DATE = { dateStyle: 'medium', timeStyle: 'short' } as const;
