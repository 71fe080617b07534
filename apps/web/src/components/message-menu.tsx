import type { ChatMessage } from '@chasqui/client';
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { errorText, texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { Icon } from './icon.tsx';

/** The actions on a message: copy and, for a stored one of the user's own, recall. */
export function MessageMenu({ chat, message }: { chat: Chat; message: ChatMessage }) {
  const [open, setOpen] = useState(false);
  const [error, setError] = useState('');
  const menu = useRef<HTMLDivElement>(null);
  const { mine, messageId, state, content } = message;
  const canRecall = mine && messageId !== '' && state !== 'queued';

  useEffect(() => {
    if (open) menu.current?.querySelector('button')?.focus();
  }, [open]);

  function keyPressed({ key }: KeyboardEvent): void {
    const items = [...(menu.current?.querySelectorAll('button') ?? [])];
    const at = items.findIndex((item) => item.matches(':focus'));
    if (key === 'Escape') setOpen(false);
    if (key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    if (key === 'ArrowUp') items.at(at - 1)?.focus();
  }

  function left({ currentTarget, relatedTarget }: FocusEvent): void {
    if (!currentTarget.parentElement?.contains(relatedTarget)) setOpen(false);
  }

  async function recall(): Promise<void> {
    const refused = await chat.recall(message);
    if (refused !== null) setError(refused.retry === 'never' ? errorText(refused) : texts.recallFailed);
  }

  return (
    <div className="message-menu" data-open={open}>
      <button
        type="button"
        className="icon-button"
        aria-label={texts.messageMenu}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="message-menu"
      >
        <Icon name="more" />
      </button>
      {open && (
        <div ref={menu} className="menu" role="menu" tabIndex={-1} onKeyDown={keyPressed} onBlur={left}>
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              void navigator.clipboard.writeText(content.text ?? '');
              setOpen(false);
            }}
          >
            {texts.copy}
          </button>
          {canRecall && (
            <button type="button" role="menuitem" onClick={() => void recall()} data-testid="recall">
              {texts.recall}
            </button>
          )}
          {error !== '' && (
            <p className="small" role="alert">
              {error}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
