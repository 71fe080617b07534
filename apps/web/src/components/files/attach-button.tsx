import { type ChangeEvent, useRef } from 'react';
import { texts } from '../../i18n/index.ts';
import type { Tray } from '../../live/files/trays.ts';
import { Menu, MenuItem } from '../menu.tsx';

/** A device that one holds in the hand: its camera is at hand as well. */
const hasCamera = () => window.matchMedia('(hover: none) and (pointer: coarse)').matches;

/** Chooses files to send. */
export function AttachButton({ tray }: { tray: Tray }) {
  const pictures = useRef<HTMLInputElement>(null);
  const anything = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);

  function chosen({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    tray.add([...(currentTarget.files ?? [])]);
    // The same file may be chosen again.
    currentTarget.value = '';
  }

  const input = { type: 'file', hidden: true, onChange: chosen } as const;
  const choices = [
    { text: texts.files.choosePictures, input: pictures, testId: 'attach-pictures' },
    { text: texts.files.chooseFiles, input: anything, testId: 'attach-files' },
    ...(hasCamera() ? [{ text: texts.files.takePicture, input: camera, testId: 'attach-camera' }] : []),
  ];
  return (
    <div className="attach">
      <Menu label={texts.files.attach} testId="attach" icon="clip">
        {(close) =>
          choices.map(({ text, input, testId }) => (
            <MenuItem
              key={testId}
              text={text}
              testId={testId}
              choose={() => {
                close();
                input.current?.click();
              }}
            />
          ))
        }
      </Menu>
      <input {...input} ref={pictures} multiple accept="image/*,video/*" data-testid="input-pictures" />
      <input {...input} ref={anything} multiple data-testid="input-files" />
      <input {...input} ref={camera} accept="image/*" capture="environment" data-testid="input-camera" />
    </div>
  );
}
