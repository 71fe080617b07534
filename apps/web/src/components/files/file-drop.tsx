import { useEffect, useRef, useState } from 'react';
import { texts } from '../../i18n/index.ts';
import type { Tray } from '../../live/files/trays.ts';
import { Icon } from '../icon.tsx';

/** Takes the files that are dropped over the conversation, or pasted in the page. */
export function FileDrop({ tray }: { tray: Tray }) {
  const [over, setOver] = useState(false);
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const chat = place.current?.closest<HTMLElement>('main');
    if (chat === null || chat === undefined) return;
    const ending = new AbortController();
    const { signal } = ending;
    chat.addEventListener(
      'dragover',
      (event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        setOver(true);
      },
      { signal },
    );
    chat.addEventListener(
      'dragleave',
      ({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && chat.contains(relatedTarget))) setOver(false);
      },
      { signal },
    );
    chat.addEventListener(
      'drop',
      (event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        setOver(false);
        tray.add([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    document.addEventListener(
      'paste',
      ({ clipboardData, target }) => {
        // What is pasted into another field, or a dialog, is meant for that.
        if (!(target instanceof Node) || (target !== document.body && !chat.contains(target))) return;
        tray.add([...(clipboardData?.files ?? [])]);
      },
      { signal },
    );
    return () => ending.abort();
  }, [tray]);

  return (
    <div ref={place} className="drop" data-over={over} data-testid="drop" aria-hidden="true">
      {over && (
        <p>
          <Icon name="clip" /> {texts.files.dropHere}
        </p>
      )}
    </div>
  );
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') === true;
}
