// People of whom one wants to hear more or less than of others.

import { X } from 'lucide-react';
import { useText } from '@/lib/text';
import type { NotifyLevel, Page, PersonLevel, UserSummary } from '@/protocol.gen';
import { IconButton } from '@/ui';
import { Select } from '@/ui/Choice';
import { PeoplePicker } from '@/ui/PeoplePicker';
import { PersonRow } from '@/ui/PersonRow';
import { api, useUser } from '@/sync';
import { levels } from './levels';

interface NotifiedPeopleProps {
  people: readonly PersonLevel[];
  onChange: (people: PersonLevel[]) => void;
}

const nobody: readonly UserSummary[] = [];

async function search(text: string, signal: AbortSignal): Promise<readonly UserSummary[]> {
  return (await api.get<Page<UserSummary>>('/users/search', { q: text, limit: 8 }, signal)).items;
}

export function NotifiedPeople({ people, onChange }: NotifiedPeopleProps) {
  const t = useText();
  return (
    <>
      {people.length > 0 && (
        <ul>
          {people.map(({ user_id, level }) => (
            <Line
              key={user_id}
              userId={user_id}
              level={level}
              onLevel={(next) =>
                onChange(people.map((one) => (one.user_id === user_id ? { user_id, level: next } : one)))
              }
              onRemove={() => onChange(people.filter((one) => one.user_id !== user_id))}
            />
          ))}
        </ul>
      )}
      <PeoplePicker
        label={t('notify.findPerson')}
        search={search}
        picked={nobody}
        onPick={([person]) => {
          if (!person || people.some(({ user_id }) => user_id === person.id)) return;
          onChange([...people, { user_id: person.id, level: 'all' }]);
        }}
      />
    </>
  );
}

interface LineProps {
  userId: string;
  level: NotifyLevel;
  onLevel: (level: NotifyLevel) => void;
  onRemove: () => void;
}

function Line({ userId, level, onLevel, onRemove }: LineProps) {
  const t = useText();
  const user = useUser(userId);
  const name = user?.display_name ?? t('common.unknownUser');
  const person = user ?? { id: userId, username: '', display_name: name, avatar: null };
  return (
    <li>
      <PersonRow person={person}>
        <Select<NotifyLevel>
          label={t('notify.levelOf', { name })}
          hideLabel
          value={level}
          onChange={onLevel}
          options={levels.map((option) => ({ value: option.value, label: t(option.label) }))}
        />
        <IconButton label={t('notify.removePerson', { name })} onClick={onRemove}>
          <X size="1.1em" />
        </IconButton>
      </PersonRow>
    </li>
  );
}
