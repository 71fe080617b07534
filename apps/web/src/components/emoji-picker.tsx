import { type EmojiPickerListComponents, EmojiPicker as Picker } from 'frimousse';
import { language, texts } from '../i18n/index.ts';

/** ARIA counts rows and columns from 1 and the library from 0, by which it finds its rows: the first have no number. */
const NUMBERED: Partial<EmojiPickerListComponents> = {
  Row: ({ 'aria-rowindex': row, ...props }) => <div {...props} {...(row ? { 'aria-rowindex': row } : {})} />,
  Emoji: ({ emoji, 'aria-colindex': column, ...props }) => (
    <button type="button" {...props} {...(column ? { 'aria-colindex': column } : {})}>
      {emoji.emoji}
    </button>
  ),
};

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
        <Picker.List components={NUMBERED} />
      </Picker.Viewport>
    </Picker.Root>
  );
}
