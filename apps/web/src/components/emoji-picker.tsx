import { EmojiPicker as Picker } from 'frimousse';
import { language, texts } from '../i18n/index.ts';

/** Emoji by group, with a search. Its own file, because it is loaded only when somebody opens it. */
export default function EmojiPicker({ choose }: { choose: (emoji: string) => void }) {
  return (
    <Picker.Root
      className="emoji-picker"
      locale={language.slice(0, 2)}
      emojibaseUrl={new URL('emoji', document.baseURI).href}
      columns={8}
      onEmojiSelect={({ emoji }) => choose(emoji)}
      data-testid="emoji-picker"
    >
      <Picker.Search placeholder={texts.search} aria-label={texts.emoji.search} autoFocus data-testid="emoji-search" />
      <Picker.Viewport>
        <Picker.Loading>{texts.loading}</Picker.Loading>
        <Picker.Empty>{texts.nothingFound}</Picker.Empty>
        <Picker.List />
      </Picker.Viewport>
    </Picker.Root>
  );
}
