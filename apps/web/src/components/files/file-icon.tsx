import { Icon } from '../icon.tsx';

/** The sign of a file: its ending, as far as it is short. */
export function FileIcon({ name }: { name: string }) {
  const [, ending = ''] = /\.([\p{L}\p{N}]{1,4})$/u.exec(name) ?? [];
  return (
    <span className="file-icon" aria-hidden="true">
      {ending === '' ? <Icon name="file" /> : ending}
    </span>
  );
}
