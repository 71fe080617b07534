import { type FocusEvent, type KeyboardEvent, lazy, Suspense, useRef, useState } from 'react';
import { texts } from '../i18n/index.ts';
import { Icon } from './icon.tsx';

const EmojiPicker = lazy(() => import('./emoji-picker.tsx'));

/** A button that opens the emoji picker, which Escape and a click elsewhere close. */
export function EmojiButton({ choose }: { choose: (emoji: string) => void }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);

  function keyPressed(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !open) return;
    event.preventDefault();
    setOpen(false);
    button.current?.focus();
  }

  function left({ currentTarget, relatedTarget }: FocusEvent): void {
    if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) setOpen(false);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the button and the picker in it.
    <div className="emoji-frame" onKeyDown={keyPressed} onBlur={left}>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={texts.emoji.choose}
        title={texts.emoji.choose}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="emoji"
      >
        <Icon name="smile" />
      </button>
      {open && (
        <Suspense fallback={<p className="emoji-picker quiet">{texts.loading}</p>}>
          <EmojiPicker
            choose={(emoji) => {
              setOpen(false);
              choose(emoji);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
