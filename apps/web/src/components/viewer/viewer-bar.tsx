import { useDownload } from '../../hooks/files/use-download.ts';
import { texts } from '../../i18n/index.ts';
import type { PlacedPicture } from '../../model/files/pictures-of.ts';
import { Icon } from '../icon.tsx';

interface ViewerBarProps {
  picture: PlacedPicture;
  /** The sender's name. */
  from: string;
  zoom: (factor: number) => void;
  close: () => void;
}

const STEP = 1.5;

/** Who has sent the picture, and what can be done with it. */
export function ViewerBar({ picture: { message, file }, from, zoom, close }: ViewerBarProps) {
  const { busy, start } = useDownload(message, file);
  const acts = [
    { icon: 'minus', label: texts.files.zoomOut, act: () => zoom(1 / STEP) },
    { icon: 'plus', label: texts.files.zoomIn, act: () => zoom(STEP) },
    { icon: 'save', label: texts.files.downloadOf(file.name), act: start, disabled: busy },
    { icon: 'close', label: texts.close, act: close },
  ] as const;
  return (
    <div className="viewer-bar">
      <p>
        <strong>{from}</strong> <span className="small">{file.name}</span>
      </p>
      {acts.map(({ icon, label, act, ...more }) => (
        <button
          key={icon}
          type="button"
          className="icon-button"
          aria-label={label}
          title={label}
          onClick={act}
          data-testid={`viewer-${icon}`}
          {...more}
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}
