import type { GroupProfile } from '@chasqui/domain';
import { texts } from '../../i18n/index.ts';

/** The fields of a form for what members see of a group. */
export function ProfileFields({ name = '', description = '', picture = '' }: Partial<GroupProfile>) {
  return (
    <>
      <label className="field">
        <span>{texts.groups.name}</span>
        <input name="name" required maxLength={64} defaultValue={name} autoComplete="off" data-testid="group-name" />
      </label>
      <label className="field">
        <span>{texts.groups.picture}</span>
        <input name="picture" maxLength={16} defaultValue={picture} autoComplete="off" data-testid="group-picture" />
      </label>
      <label className="field">
        <span>{texts.groups.description}</span>
        <input
          name="description"
          maxLength={500}
          defaultValue={description}
          autoComplete="off"
          data-testid="group-description"
        />
      </label>
    </>
  );
}

/** What a form with these fields says. */
export function profileOf(form: HTMLFormElement): GroupProfile {
  const data = new FormData(form);
  const field = (name: string) => String(data.get(name)).trim();
  return { name: field('name'), description: field('description'), picture: field('picture') };
}
