import { lazy, Suspense } from 'react';
import { useModal } from '../../hooks/use-modal.ts';
import { texts } from '../../i18n/index.ts';

const EmojiPicker = lazy(() => import('../emoji-picker.tsx'));

/** A dialog with all emojis. */
export function ReactionPicker({ choose, close }: { choose: (emoji: string) => void; close: () => void }) {
  const dialog = useModal();
  return (
    <dialog ref={dialog} className="card reaction-picker" aria-label={texts.reactions.another} onClose={close}>
      <Suspense fallback={<p className="emoji-picker quiet">{texts.loading}</p>}>
        <EmojiPicker
          choose={(emoji) => {
            dialog.current?.close();
            choose(emoji);
          }}
        />
      </Suspense>
      <div className="buttons">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
    </dialog>
  );
}
