// A few words about now: an emoji, a text, and when they disappear by themselves.

import { SmilePlus } from 'lucide-react';
import { useState } from 'react';
import { presentStatus } from '@/lib/presence';
import { useTask } from '@/lib/task';
import { useText, type TextKey } from '@/lib/text';
import { full } from '@/lib/time';
import { Button, Field, IconButton, Loading, toast } from '@/ui';
import { Select } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { EmojiButton } from '@/ui/emoji';
import { Form } from '@/ui/Form';
import { Notice } from '@/ui/Section';
import type { CustomStatus, User } from '@/protocol.gen';
import { actions, useAccount } from '@/sync';
import { expiresAt, fieldTime, lifetimes, type Lifetime } from './expiry';
import styles from './StatusDialog.module.css';

const lifetimeText: Record<Lifetime | 'same', TextKey> = {
  same: 'profile.lifeSame',
  never: 'profile.lifeNever',
  'half-hour': 'profile.lifeHalfHour',
  hour: 'profile.lifeHour',
  'four-hours': 'profile.lifeFourHours',
  today: 'profile.lifeToday',
  week: 'profile.lifeWeek',
  custom: 'profile.lifeCustom',
};

const suggestions: readonly { emoji: string; text: TextKey; life: Lifetime }[] = [
  { emoji: '📅', text: 'profile.inMeeting', life: 'hour' },
  { emoji: '🍽️', text: 'profile.atLunch', life: 'half-hour' },
  { emoji: '🎧', text: 'profile.focusing', life: 'four-hours' },
  { emoji: '🚆', text: 'profile.onTheWay', life: 'hour' },
  { emoji: '🤒', text: 'profile.ill', life: 'today' },
  { emoji: '🌴', text: 'profile.onHoliday', life: 'week' },
];

export default function StatusDialog({ onClose }: { onClose: () => void }) {
  const t = useText();
  const account = useAccount();
  if (!account) {
    return (
      <Dialog title={t('profile.setStatus')} onClose={onClose}>
        <Loading />
      </Dialog>
    );
  }
  return <StatusForm user={account.user} onClose={onClose} />;
}

function StatusForm({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useText();
  const task = useTask();
  const present = presentStatus(user.status);
  const [emoji, setEmoji] = useState(present?.emoji ?? '');
  const [text, setText] = useState(present?.text ?? '');
  const [life, setLife] = useState<Lifetime | 'same'>(present?.expires_at ? 'same' : present ? 'never' : 'today');
  const [custom, setCustom] = useState(() => fieldTime(new Date(Date.now() + 86_400_000)));

  const [earliest] = useState(() => fieldTime(new Date()));

  const save = async (status: CustomStatus | null) => {
    if (!(await task.run(() => actions.updateProfile({ status })))) return;
    toast(t(status ? 'profile.statusSet' : 'profile.statusCleared'));
    onClose();
  };
  const submit = () => {
    if (!emoji && !text.trim()) return save(null);
    const expires_at = life === 'same' ? (present?.expires_at ?? null) : expiresAt(life, custom, new Date());
    return save({ emoji: emoji || null, text: text.trim(), expires_at });
  };

  return (
    <Dialog
      title={t('profile.setStatus')}
      onClose={onClose}
      actions={
        <>
          {present && (
            <Button kind="quiet" disabled={task.busy} onClick={() => void save(null)}>
              {t('profile.clearStatus')}
            </Button>
          )}
          <Button kind="primary" busy={task.busy} disabled={!emoji && !text.trim()} onClick={() => void submit()}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <Form onSubmit={() => void submit()}>
        <div className={styles.line}>
          <EmojiButton
            align="start"
            side="bottom"
            trigger={
              <IconButton label={t('profile.statusEmoji')} className={styles.emoji}>
                {emoji || <SmilePlus size="1.25em" />}
              </IconButton>
            }
            onPick={setEmoji}
          />
          <div className={styles.text}>
            <Field
              label={t('profile.statusText')}
              value={text}
              maxLength={100}
              dir="auto"
              error={task.errorOf('status')}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        </div>
        <ul className={styles.suggestions} aria-label={t('profile.suggestions')}>
          {suggestions.map((suggestion) => (
            <li key={suggestion.text}>
              <button
                type="button"
                className={styles.suggestion}
                onClick={() => {
                  setEmoji(suggestion.emoji);
                  setText(t(suggestion.text));
                  setLife(suggestion.life);
                }}
              >
                <span aria-hidden="true">{suggestion.emoji}</span>
                {t(suggestion.text)}
                <span className={styles.life}>{t(lifetimeText[suggestion.life])}</span>
              </button>
            </li>
          ))}
        </ul>
        <Select
          label={t('profile.clearAfter')}
          value={life}
          onChange={setLife}
          options={[...(present?.expires_at ? (['same'] as const) : []), ...lifetimes].map((value) => ({
            value,
            label: t(lifetimeText[value], { when: present?.expires_at ? full(present.expires_at) : '' }),
          }))}
        />
        {life === 'custom' && (
          <Field
            type="datetime-local"
            label={t('profile.clearAt')}
            value={custom}
            min={earliest}
            required
            onChange={(event) => setCustom(event.target.value)}
          />
        )}
        {task.errorBeside('status') && <Notice kind="problem">{task.errorBeside('status')}</Notice>}
      </Form>
    </Dialog>
  );
}
